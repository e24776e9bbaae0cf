#include "data/table/table_finish.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "data/table/cell_text.hpp"

namespace gradus::data {
namespace {

// The texts in natural order; `order` says for each present index the new one.
std::vector<std::string> sorted_texts(const TextNumbers& texts, std::vector<float>& order) {
  struct Entry {
    bool is_text;
    double number;
    const std::string* text;
    std::size_t index;
  };
  std::vector<Entry> entries;
  for (int64_t i = 0; i < texts.size(); ++i) {
    double number = 0;
    const bool is_number = read_number(texts.text(i), '.', number);
    entries.push_back(
        {!is_number, is_number ? number : 0, &texts.text(i), static_cast<std::size_t>(i)});
  }
  std::ranges::sort(entries, [](const Entry& a, const Entry& b) {
    return std::tie(a.is_text, a.number, *a.text) < std::tie(b.is_text, b.number, *b.text);
  });
  std::vector<std::string> sorted;
  order.resize(entries.size());
  for (const Entry& entry : entries) {
    order[entry.index] = static_cast<float>(sorted.size());
    sorted.push_back(*entry.text);
  }
  return sorted;
}

// The times with the day of dates like 31/01/2024 at its right place.
std::vector<double> times_of(TableLoad& load, std::size_t column) {
  ColumnLoad& times = load.columns[column];
  const auto is_unknown = [](double value) { return std::isnan(value); };
  if (std::ranges::none_of(times.numbers, is_unknown)) return std::move(times.numbers);
  if (std::ranges::any_of(times.swapped, is_unknown))
    file_error(load.source.name(),
               "column {}: some of its dates begin with the month, others with the day",
               column + 1);
  return std::move(times.swapped);
}

}  // namespace

void finish_table(TableLoad& load, const std::vector<std::string>& reasons, DataTable& table) {
  table.name = load.source.name();
  table.has_header = load.has_header;
  table.rows = load.rows;
  std::vector<int64_t> slots;
  for (const int64_t feature : table.features)
    slots.push_back(load.columns[static_cast<std::size_t>(feature)].slot);
  keep_slots(load, slots);
  table.values = std::move(load.values);

  for (std::size_t i = 0; i < load.columns.size(); ++i) {
    TableColumn& column = table.columns.emplace_back();
    column.name = load.names[i];
    column.missing = load.columns[i].missing;
    column.reason = reasons[i];
    if (load.columns[i].use == ColumnUse::group) table.groups = std::move(load.columns[i].groups);
    if (load.columns[i].use == ColumnUse::time) table.times = times_of(load, i);
    if (load.columns[i].use != ColumnUse::weight) continue;
    const std::vector<double>& weights = load.columns[i].numbers;
    table.weights.assign(weights.begin(), weights.end());
    table.weight_column = static_cast<int64_t>(i);
    if (std::ranges::all_of(weights, [](double weight) { return weight == 0; }))
      file_error(load.source.name(), "column {}: all weights are 0", i + 1);
  }
  for (std::size_t i = 0; i < table.features.size(); ++i) {
    const auto place = static_cast<std::size_t>(table.features[i]);
    TableColumn& column = table.columns[place];
    column.kind = ColumnKind::number;
    if (load.columns[place].use != ColumnUse::category) continue;
    column.kind = ColumnKind::category;
    std::vector<float> order;
    column.values = sorted_texts(load.columns[place].texts, order);
    for (std::size_t at = i; at < table.values.size(); at += table.features.size())
      if (float& value = table.values[at]; !std::isnan(value))
        value = order[static_cast<std::size_t>(value)];
  }
}

}  // namespace gradus::data
