#include "data/table/table_description.hpp"

#include <fmt/ranges.h>

#include <algorithm>

#include "core/error.hpp"

namespace gradus::data {
namespace {

constexpr std::size_t most_named = 4, longest_column_name = 40;

std::string shown_name(const TableColumn& column) {
  return printable(column.name, longest_column_name);
}

// "1,309"
std::string grouped(int64_t number) {
  std::string digits = std::to_string(number);
  for (int64_t i = std::ssize(digits) - 3; i > 0; i -= 3)
    digits.insert(static_cast<std::size_t>(i), 1, ',');
  return digits;
}

std::string several(int64_t count, std::string_view one, std::string_view more) {
  return fmt::format("{} {}", grouped(count), count == 1 ? one : more);
}

// "a, b, c, d …"
std::string some_of(std::vector<std::string> parts) {
  const bool is_cut = parts.size() > most_named;
  if (is_cut) parts.resize(most_named);
  return fmt::format("{}{}", fmt::join(parts, ", "), is_cut ? " …" : "");
}

std::string inputs_of(const DataTable& table) {
  int64_t numbers = 0;
  std::vector<std::string> categories;
  for (const int64_t feature : table.features) {
    const TableColumn& column = table.columns[static_cast<std::size_t>(feature)];
    if (column.kind == ColumnKind::category)
      categories.push_back(
          fmt::format("{}: {}", shown_name(column), grouped(std::ssize(column.values))));
    else
      ++numbers;
  }
  std::vector<std::string> parts;
  if (numbers > 0) parts.push_back(several(numbers, "number", "numbers"));
  if (!categories.empty())
    parts.push_back(several(std::ssize(categories), "category", "categories") + " (" +
                    some_of(categories) + ")");
  return fmt::format("{}", fmt::join(parts, ", "));
}

// "77 % of cabin and 20 % of age missing"
std::string missing_of(const DataTable& table) {
  std::vector<const TableColumn*> columns;
  for (const int64_t feature : table.features)
    if (const TableColumn& column = table.columns[static_cast<std::size_t>(feature)];
        column.missing > 0)
      columns.push_back(&column);
  if (columns.empty()) return "";
  std::ranges::stable_sort(columns, std::greater(), &TableColumn::missing);
  std::vector<std::string> parts;
  for (const TableColumn* const column : columns) {
    const double percent =
        100 * static_cast<double>(column->missing) / static_cast<double>(table.rows);
    parts.push_back(percent < 1 ? fmt::format("under 1 % of {}", shown_name(*column))
                                : fmt::format("{:.0f} % of {}", percent, shown_name(*column)));
  }
  return ", " + some_of(parts) + " missing";
}

std::string targets_of(const DataTable& table) {
  if (!table.targets.values.defined()) return "";
  std::vector<std::string> names;
  for (const int64_t column : table.target_columns)
    names.push_back(shown_name(table.columns[static_cast<std::size_t>(column)]));
  std::string text =
      fmt::format("; {} {}: ", names.size() == 1 ? "target" : "targets", some_of(names));
  if (table.targets.kind == TargetKind::classes)
    return text + several(table.targets.count, "class", "classes");
  if (table.targets.kind == TargetKind::labels)
    return text + several(table.targets.count, "label", "labels");
  return text + (table.targets.count == 1 ? "a number" : "numbers");
}

// "name (812 distinct values), a, b (constant)": columns with the same reason together.
std::string left_out_of(const DataTable& table) {
  std::vector<std::pair<std::string, std::vector<std::string>>> reasons;
  for (const TableColumn& column : table.columns) {
    const std::string& reason = column.reason;
    if (reason.empty() || reason == "target" || reason == "ignored" || reason == "weights" ||
        reason == "groups" || reason == "time")
      continue;
    auto place = std::ranges::find(reasons, reason, [](const auto& entry) { return entry.first; });
    if (place == reasons.end()) place = reasons.insert(place, {reason, {}});
    place->second.push_back(shown_name(column));
  }
  std::vector<std::string> parts;
  for (const auto& [reason, names] : reasons)
    parts.push_back(names.size() > most_named
                        ? fmt::format("{} ({} columns, {})", some_of(names), names.size(), reason)
                        : fmt::format("{} ({})", some_of(names), reason));
  return parts.empty() ? "" : "\nleft out: " + some_of(parts);
}

}  // namespace

std::string describe(const DataTable& table) {
  return several(table.rows, "sample", "samples") + ": " + inputs_of(table) + missing_of(table) +
         targets_of(table) + left_out_of(table);
}

}  // namespace gradus::data
