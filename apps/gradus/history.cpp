#include "apps/gradus/history.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <sstream>

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/number.hpp"
#include "core/text.hpp"

namespace gradus::app {
namespace {

double number_of(const std::string& path, std::string_view text) {
  const std::optional<double> number = parse_number<double>(text);
  if (!number) file_error(path, "'{}' is no number", text);
  return *number;
}

}  // namespace

std::string metrics_table(const std::vector<EpochRecord>& history) {
  std::string table = "epoch,step,lr,train_loss,train_accuracy,val_loss,val_accuracy,seconds\n";
  for (const EpochRecord& r : history)
    table += fmt::format("{},{},{},{},{},{},{},{:.3f}\n", r.epoch, r.step, r.lr, r.train_loss,
                         r.train_accuracy, r.val_loss, r.val_accuracy, r.seconds);
  return table;
}

std::vector<EpochRecord> read_history(const std::string& path) {
  std::vector<EpochRecord> history;
  if (!std::filesystem::exists(path)) return {};
  std::istringstream stream(read_file(path));
  std::string line;
  std::getline(stream, line);  // the names
  while (std::getline(stream, line)) {
    std::vector<double> row;
    for (const std::string_view cell : split(line, ',')) row.push_back(number_of(path, cell));
    if (row.size() != 8) file_error(path, "a row of {} cells, not 8", row.size());
    history.push_back({static_cast<int64_t>(row[0]), static_cast<int64_t>(row[1]), row[2], row[3],
                       row[4], row[5], row[6], row[7]});
  }
  return history;
}

double training_seconds(const std::vector<EpochRecord>& history) {
  double seconds = 0;
  for (const EpochRecord& record : history) seconds += record.seconds;
  return seconds;
}

}  // namespace gradus::app
