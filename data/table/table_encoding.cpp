#include "data/table/table_encoding.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/math.hpp"
#include "core/statistics.hpp"

namespace gradus::data {
namespace {

constexpr std::size_t fewest_embedded = 17;

bool is_embedded(const EncodedColumn& column) {
  return column.kind == ColumnKind::category && column.values.size() >= fewest_embedded;
}

int64_t encoded_width(const EncodedColumn& column) {
  if (column.kind == ColumnKind::number) return column.has_indicator ? 2 : 1;
  return is_embedded(column) ? 1 : std::ssize(column.values);
}

int64_t embedding_width(int64_t values) {
  constexpr double widest = 50;
  return static_cast<int64_t>(
      std::min(widest, std::round(1.6 * math::pow(static_cast<double>(values), 0.56))));
}

float value_at(const DataTable& table, int64_t row, std::size_t feature) {
  return table.values[static_cast<std::size_t>(row) * table.features.size() + feature];
}

// For each text of a table's category its place in the encoding, from 0, or -1; the last element is
// for missing cells.
std::vector<int64_t> places_of(const TableColumn& column, const EncodedColumn& encoded) {
  std::vector<std::pair<std::string, int64_t>> known;
  for (const std::string& value : encoded.values) known.emplace_back(value, std::ssize(known));
  std::ranges::sort(known);
  const auto find = [&](const std::string& text) {
    const auto found = std::ranges::lower_bound(
        known, text, {}, [](const auto& entry) -> auto& { return entry.first; });
    return found != known.end() && found->first == text ? found->second : int64_t{-1};
  };
  std::vector<int64_t> places;
  for (const std::string& value : column.values) places.push_back(find(value));
  places.push_back(find(""));
  return places;
}

}  // namespace

TableEncoding TableEncoding::fit(const DataTable& table, std::span<const int64_t> rows) {
  TableEncoding encoding;
  for (std::size_t i = 0; i < table.features.size(); ++i) {
    const TableColumn& column = table.feature(i);
    EncodedColumn& encoded = encoding.columns.emplace_back();
    encoded.name = column.name;
    encoded.kind = column.kind;
    if (column.kind == ColumnKind::number) {
      std::vector<double> known;
      known.reserve(rows.size());
      for (const int64_t row : rows)
        if (const float value = value_at(table, row, i); !std::isnan(value)) known.push_back(value);
      encoded.has_indicator = known.size() < rows.size();
      encoded.median = known.empty() ? 0 : median(std::move(known));
      continue;
    }
    std::vector<bool> occurs(column.values.size() + 1);
    for (const int64_t row : rows) {
      const float value = value_at(table, row, i);
      occurs[std::isnan(value) ? column.values.size() : static_cast<std::size_t>(value)] = true;
    }
    if (occurs.back()) encoded.values.emplace_back();
    for (std::size_t k = 0; k < column.values.size(); ++k)
      if (occurs[k]) encoded.values.push_back(column.values[k]);
  }
  return encoding;
}

bool TableEncoding::is_identity(const DataTable& table) const {
  return std::ranges::all_of(columns,
                             [](const EncodedColumn& column) {
                               return column.kind == ColumnKind::number && !column.has_indicator;
                             }) &&
         std::ranges::none_of(table.features, [&](int64_t feature) {
           return table.columns[static_cast<std::size_t>(feature)].missing > 0;
         });
}

int64_t TableEncoding::features() const {
  int64_t count = 0;
  for (const EncodedColumn& column : columns) count += encoded_width(column);
  return count;
}

std::vector<std::string> TableEncoding::feature_names() const {
  std::vector<std::string> names;
  for (const EncodedColumn& column : columns) {
    if (column.kind == ColumnKind::number || is_embedded(column)) {
      names.push_back(column.name);
      if (column.has_indicator) names.push_back(column.name + " missing");
      continue;
    }
    for (const std::string& value : column.values)
      names.push_back(value.empty() ? column.name + " missing" : column.name + " = " + value);
  }
  return names;
}

std::vector<EmbeddingColumn> TableEncoding::embeddings() const {
  std::vector<EmbeddingColumn> result;
  int64_t feature = 0;
  for (const EncodedColumn& column : columns) {
    const int64_t values = std::ssize(column.values) + 1;
    if (is_embedded(column)) result.push_back({feature, values, embedding_width(values)});
    feature += encoded_width(column);
  }
  return result;
}

std::vector<bool> TableEncoding::is_number() const {
  std::vector<bool> result;
  for (const EncodedColumn& column : columns)
    for (int64_t i = 0; i < encoded_width(column); ++i)
      result.push_back(column.kind == ColumnKind::number && i == 0);
  return result;
}

std::vector<std::pair<int64_t, int64_t>> TableEncoding::column_ranges() const {
  std::vector<std::pair<int64_t, int64_t>> ranges;
  int64_t first = 0;
  for (const EncodedColumn& column : columns) {
    ranges.emplace_back(first, first + encoded_width(column));
    first = ranges.back().second;
  }
  return ranges;
}

std::vector<float> TableEncoding::encode(const DataTable& table, std::span<const int64_t> rows,
                                         std::vector<int64_t>* unknown) const {
  bool fits = table.features.size() == columns.size();
  for (std::size_t i = 0; fits && i < columns.size(); ++i)
    fits = table.feature(i).kind == columns[i].kind;
  require(fits, "TableEncoding", "the table has other features than the one it was fitted to");
  if (unknown) unknown->assign(columns.size(), 0);
  const auto ranges = column_ranges();
  const auto width = static_cast<std::size_t>(features());
  std::vector<float> values(rows.size() * width);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const EncodedColumn& column = columns[i];
    float* out = values.data() + ranges[i].first;
    if (column.kind == ColumnKind::number) {
      for (const int64_t row : rows) {
        const float value = value_at(table, row, i);
        *out = std::isnan(value) ? static_cast<float>(column.median) : value;
        if (column.has_indicator) out[1] = std::isnan(value) ? 1 : 0;
        out += width;
      }
      continue;
    }
    const std::vector<int64_t> places = places_of(table.feature(i), column);
    for (const int64_t row : rows) {
      const float value = value_at(table, row, i);
      const int64_t place =
          std::isnan(value) ? places.back() : places[static_cast<std::size_t>(value)];
      if (place < 0 && unknown) ++(*unknown)[i];
      if (is_embedded(column))
        *out = static_cast<float>(place + 1);
      else if (place >= 0)
        out[place] = 1;
      out += width;
    }
  }
  return values;
}

std::vector<float> TableEncoding::missing_row() const {
  std::vector<float> row;
  row.reserve(static_cast<std::size_t>(features()));
  for (const EncodedColumn& column : columns) {
    if (column.kind == ColumnKind::number) {
      row.push_back(static_cast<float>(column.median));
      if (column.has_indicator) row.push_back(1);
      continue;
    }
    const auto missing = std::ranges::find(column.values, "");
    if (is_embedded(column)) {
      row.push_back(missing == column.values.end()
                        ? 0.f
                        : static_cast<float>(missing - column.values.begin() + 1));
      continue;
    }
    for (auto value = column.values.begin(); value != column.values.end(); ++value)
      row.push_back(value == missing ? 1.f : 0.f);
  }
  return row;
}

}  // namespace gradus::data
