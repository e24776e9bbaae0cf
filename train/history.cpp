#include "train/history.hpp"

#include <cmath>
#include <filesystem>
#include <sstream>

#include "core/io/file.hpp"

namespace gradus::train {
namespace {

// Whether the cell of a column may be empty: of a set that isn't evaluated.
bool may_be_empty(std::string_view column) {
  return column.starts_with("val_") || column.starts_with("test_");
}

std::vector<std::string> columns(bool watches_test, const char* score) {
  std::vector<std::string> names;
  const EpochRecord none;
  for_each_field(none, [&](std::string name, auto) {
    if (name.starts_with("test_") && !watches_test) return;
    if (const std::size_t at = name.find("score"); at != name.npos) name.replace(at, 5, score);
    names.push_back(name);
  });
  return names;
}

template <class Number>
Number number_of(const std::string& path, std::string_view column, std::string_view text) {
  if constexpr (!std::is_integral_v<Number>)
    if (text.empty() && may_be_empty(column)) return std::nan("");
  const std::optional<Number> number = parse_number<Number>(text);
  if (!number)
    file_error(path, "{} is not a {}", in_quotes(text),
               std::is_integral_v<Number> ? "whole number" : "number");
  return *number;
}

std::string cell(std::string_view column, double value) {
  if (column == "seconds") return fmt::format("{:.3f}", value);
  return std::isnan(value) && may_be_empty(column) ? "" : fmt::format("{}", value);
}

std::string cell(std::string_view, int64_t value) {
  return fmt::to_string(value);
}

}  // namespace

std::string metrics_table(const History& history, const EpochScore& score) {
  const bool watches_test = std::ranges::any_of(
      history, [](const EpochRecord& epoch) { return !std::isnan(epoch.test_loss); });
  const std::vector<std::string> names = columns(watches_test, score.name);
  std::string table = fmt::format("{}\n", fmt::join(names, ","));
  for (const EpochRecord& record : history) {
    std::vector<std::string> cells;
    for_each_field(record,
                   [&](const char* name, auto value) { cells.push_back(cell(name, value)); });
    cells.resize(names.size());
    table += fmt::format("{}\n", fmt::join(cells, ","));
  }
  return table;
}

std::vector<EpochRecord> read_history(const std::string& path) {
  std::vector<EpochRecord> history;
  if (!std::filesystem::exists(path)) return {};
  std::istringstream stream(read_file(path));
  std::string line;
  std::getline(stream, line);
  const std::size_t width = columns(line.find(",test_") != line.npos, "").size();
  while (std::getline(stream, line)) {
    const std::vector<std::string_view> cells = split(line, ',');
    if (cells.size() != width)
      file_error(path, "a row must have {} cells, got {}", width, cells.size());
    std::size_t column = 0;
    for_each_field(history.emplace_back(), [&](const char* name, auto& field) {
      if (column < width)
        field = number_of<std::decay_t<decltype(field)>>(path, name, cells[column++]);
    });
  }
  return history;
}

std::vector<EvaluatedSet> evaluated_sets(std::span<const EpochRecord> history) {
  std::vector<EvaluatedSet> sets{{"training", &EpochRecord::train_loss, &EpochRecord::train_score},
                                 {"validation", &EpochRecord::val_loss, &EpochRecord::val_score},
                                 {"test", &EpochRecord::test_loss, &EpochRecord::test_score}};
  std::erase_if(sets, [&](const EvaluatedSet& set) {
    return set.loss != &EpochRecord::train_loss &&
           std::ranges::all_of(
               history, [&](const EpochRecord& epoch) { return std::isnan(epoch.*set.score); });
  });
  return sets;
}

double training_seconds(const History& history) {
  double seconds = 0;
  for (const EpochRecord& record : history) seconds += record.seconds;
  return seconds;
}

}  // namespace gradus::train
