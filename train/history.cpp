#include "train/history.hpp"

#include <filesystem>
#include <sstream>

#include "core/io/file.hpp"

namespace gradus::train {

template <class Number>
static Number number_of(const std::string& path, std::string_view text) {
  const std::optional<Number> number = parse_number<Number>(text);
  if (!number)
    file_error(path, "'{}' is not a {}", printable(text, longest_value),
               std::is_integral_v<Number> ? "whole number" : "number");
  return *number;
}

std::string metrics_table(const History& history) {
  std::string table;
  const auto add = [&](const std::string& cell) {
    table += (table.empty() || table.back() == '\n' ? "" : ",") + cell;
  };
  const EpochRecord none;
  for_each_field(none, [&](const char* name, auto) { add(name); });
  table += '\n';
  for (const EpochRecord& record : history) {
    for_each_field(record, [&](std::string_view name, auto value) {
      add(name == "seconds" ? fmt::format("{:.3f}", static_cast<double>(value))
                            : fmt::format("{}", value));
    });
    table += '\n';
  }
  return table;
}

std::vector<EpochRecord> read_history(const std::string& path) {
  std::vector<EpochRecord> history;
  if (!std::filesystem::exists(path)) return {};
  std::istringstream stream(read_file(path));
  std::string line;
  std::getline(stream, line);  // the names
  while (std::getline(stream, line)) {
    const std::vector<std::string_view> cells = split(line, ',');
    if (cells.size() != 8) file_error(path, "a row must have 8 cells, got {}", cells.size());
    std::size_t column = 0;
    for_each_field(history.emplace_back(), [&](const char*, auto& field) {
      field = number_of<std::decay_t<decltype(field)>>(path, cells[column++]);
    });
  }
  return history;
}

double training_seconds(const History& history) {
  double seconds = 0;
  for (const EpochRecord& record : history) seconds += record.seconds;
  return seconds;
}

}  // namespace gradus::train
