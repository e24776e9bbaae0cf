#include "train/step_log.hpp"

#include <cmath>
#include <filesystem>
#include <fstream>

#include "core/io/checksum.hpp"
#include "core/io/file.hpp"
#include "core/parallel.hpp"
#include "core/text/number.hpp"

namespace gradus::train {

std::string step_columns(layers::Module& model) {
  std::string columns = "step,lr,loss";
  for (const auto& [name, tensor] : model.state_dict()) columns += ',' + name;
  return columns;
}

std::string step_row(const StepRecord& step, layers::Module& model) {
  const NamedTensors state = model.state_dict();
  std::vector<uint64_t> sums(state.size());
  parallel_for(std::ssize(state), 1, [&](int64_t i, int64_t) {
    sums[static_cast<std::size_t>(i)] = checksum(state[static_cast<std::size_t>(i)].second);
  });
  std::string row = fmt::format("{},{},{}", step.step, step.lr, step.loss);
  for (const uint64_t sum : sums) row += fmt::format(",{:016x}", sum);
  return row;
}

// Empty for the names of the columns and for an invalid row.
static std::optional<StepLoss> loss_in(std::string_view line) {
  const std::size_t rate = line.find(',');
  const std::size_t loss = rate == line.npos ? rate : line.find(',', rate + 1);
  if (loss == line.npos) return std::nullopt;
  const auto step = parse_number<int64_t>(line.substr(0, rate));
  const std::string_view rest = line.substr(loss + 1);
  const auto value = parse_number<double>(rest.substr(0, rest.find(',')));
  if (!step || !value || !std::isfinite(*value)) return std::nullopt;
  return StepLoss{*step, *value};
}

StepLog::StepLog(std::string path, layers::Module& model, int64_t steps)
    : path_(std::move(path)), model_(model) {
  std::vector<std::string> lines = read_step_log(path_);
  if (lines.empty()) lines.push_back(step_columns(model));
  lines.resize(std::min(lines.size(), static_cast<std::size_t>(steps) + 1));
  missing_ = steps + 1 - std::ssize(lines);
  std::string text;
  for (const std::string& line : lines) {
    text += line + '\n';
    if (const auto loss = loss_in(line)) losses_.push_back(*loss);
  }
  remove_link(path_);
  write_file_atomically(path_, text);
}

void StepLog::add(const StepRecord& step) {
  rows_ += step_row(step, model_) + '\n';
  if (std::isfinite(step.loss)) losses_.push_back({step.step, step.loss});
}

void StepLog::flush() {
  append_to_file(path_, rows_);
  rows_.clear();
}

std::vector<std::string> read_step_log(const std::string& path) {
  std::vector<std::string> lines;
  if (!std::filesystem::exists(path)) return lines;
  require_regular_file(path);
  std::ifstream stream(path);
  for (std::string line; std::getline(stream, line) && !stream.eof();) lines.push_back(line);
  return lines;
}

}  // namespace gradus::train
