#include "data/table/table_load.hpp"

#include <algorithm>
#include <cmath>

#include "core/io/checksum.hpp"
#include "data/table/cell_text.hpp"

namespace gradus::data {
namespace {

constexpr float missing_value = std::numeric_limits<float>::quiet_NaN();
constexpr int64_t most_categories = 10'000;
constexpr int64_t most_forced_categories = 1'000'000;
constexpr std::size_t longest_category = 1000;

// The cell that is being read.
struct CellAt {
  const TableLoad& load;
  int64_t row;
  int64_t line;
  std::size_t column;
  std::string_view text;

  [[noreturn]] void error(std::string_view message) const {
    file_error(load.source.name(), "{}: {}", load.place(line, column), message);
  }
  bool read(double& value) const { return read_number(text, load.start.dialect.point, value); }
};

void note(FirstCell& first, const CellAt& cell) {
  if (first.line == 0) first = {cell.line, std::string(cell.text.substr(0, longest_category))};
}

void note_missing(ColumnLoad& column, const CellAt& cell) {
  if (column.missing++ == 0) column.missing_line = cell.line;
  column.is_missing_word = column.is_missing_word || !cell.text.empty();
}

bool is_finite_float(double value) {
  return std::abs(value) <= static_cast<double>(std::numeric_limits<float>::max());
}

float take_number(ColumnLoad& column, const CellAt& cell) {
  double value = 0;
  if (cell.read(value)) [[likely]] {
    if (!is_finite_float(value)) note(column.first_infinite, cell);
    column.smallest = std::min(column.smallest, value);
    column.largest = std::max(column.largest, value);
    if (cell.row == 0) column.first = value;
    column.counts_rows =
        column.counts_rows && value == column.first + static_cast<double>(cell.row);
    return static_cast<float>(value);
  }
  column.counts_rows = false;
  if (is_missing(cell.text)) {
    note_missing(column, cell);
  } else {
    if (column.is_forced) cell.error(fmt::format("{} is not a number", in_quotes(cell.text)));
    note(column.first_text, cell);
  }
  return missing_value;
}

bool has_many_words(std::string_view text) {
  constexpr auto many = 2;
  return std::ranges::count(text, ' ') >= many;
}

// Numbers a text, as long as there are at most `most` texts.
int32_t number_of(ColumnLoad& column, const CellAt& cell, int64_t most) {
  if (column.has_too_many) return -1;
  std::string converted;
  const std::string_view text = as_utf8(cell.text, converted);
  const int32_t known = column.texts.find(text);
  if (known >= 0) return known;
  if (column.texts.size() == most) {
    column.has_too_many = true;
    return -1;
  }
  column.wordy += has_many_words(text);
  return column.texts.add(text, cell.line);
}

float take_category(ColumnLoad& column, const CellAt& cell) {
  if (is_missing(cell.text)) {
    note_missing(column, cell);
    return missing_value;
  }
  double value = 0;
  if (cell.read(value))
    ++column.number_cells;
  else
    note(column.first_text, cell);
  column.are_dates = column.are_dates && read_date(cell.text);
  if (!column.is_forced && cell.text.size() > longest_category) column.has_too_many = true;
  const int32_t number =
      number_of(column, cell, column.is_forced ? most_forced_categories : most_categories);
  if (number < 0 && column.is_forced)
    cell.error(fmt::format("a category has at most {} different values", most_forced_categories));
  return static_cast<float>(number);
}

void take_target(ColumnLoad& column, const CellAt& cell) {
  double value = std::numeric_limits<double>::quiet_NaN();
  if (cell.read(value)) {
    ++column.number_cells;
    if (!is_finite_float(value)) note(column.first_infinite, cell);
  } else if (is_missing(cell.text)) {
    note_missing(column, cell);
  } else {
    note(column.first_text, cell);
  }
  column.numbers.push_back(value);
  column.codes.push_back(number_of(column, cell, most_target_texts));
}

void take_weight(ColumnLoad& column, const CellAt& cell) {
  double value = 0;
  if (!cell.read(value) || !is_finite_float(value) || value < 0)
    cell.error(fmt::format("a weight must be a number from 0 on, got {}", in_quotes(cell.text)));
  column.numbers.push_back(value);
}

void take_time(ColumnLoad& column, const CellAt& cell) {
  double value = 0;
  if (cell.read(value) && is_finite_float(value)) {
    column.are_dates = false;
    if (column.first_text.line != 0)
      cell.error(fmt::format("{} is a number, but {} is a date", in_quotes(cell.text),
                             in_quotes(column.first_text.text)));
    column.numbers.push_back(value);
    return;
  }
  const std::optional<DateText> date = read_date(cell.text);
  if (!date || (!column.are_dates && cell.row > 0))
    cell.error(fmt::format("a time must be {}, got {}",
                           column.are_dates ? "a date or a number" : "a number",
                           in_quotes(cell.text)));
  note(column.first_text, cell);
  column.numbers.push_back(date->order);
  column.swapped.push_back(date->swapped);
}

void take_cell(ColumnLoad& column, const CellAt& cell, float* row_values,
               std::unordered_map<uint64_t, int64_t>& groups) {
  switch (column.use) {
    case ColumnUse::unused:
      return;
    case ColumnUse::number:
      row_values[column.slot] = take_number(column, cell);
      return;
    case ColumnUse::category:
      row_values[column.slot] = take_category(column, cell);
      return;
    case ColumnUse::target:
      return take_target(column, cell);
    case ColumnUse::weight:
      return take_weight(column, cell);
    case ColumnUse::time:
      return take_time(column, cell);
    case ColumnUse::group:
      column.groups.push_back(
          groups.try_emplace(checksum(cell.text), std::ssize(groups)).first->second);
      return;
  }
}

int64_t count_rows(const TableLoad& load) {
  RowReader reader(load.source, load.start.dialect);
  int64_t rows = 0;
  while (reader.next()) ++rows;
  const int64_t last = reader.line();
  rows -= load.has_header;
  if (rows == 0) file_error(load.source.name(), "line {}: no samples follow the header", last);
  return rows;
}

// Calls visit(row, line, cells) for the samples.
template <class Visit>
void for_each_row(const TableLoad& load, Visit&& visit) {
  RowReader reader(load.source, load.start.dialect);
  if (load.has_header) reader.next();
  const auto count = std::ssize(load.names);
  int64_t row = 0;
  for (; row < load.rows && reader.next(); ++row) visit(row, reader.line(), reader.cells(count));
  if (row != load.rows || reader.next())
    file_error(load.source.name(), "changed while it was read");
}

void read_columns(TableLoad& load, const std::vector<std::size_t>& columns) {
  std::unordered_map<uint64_t, int64_t> groups;
  float* row_values = load.values.data();
  for_each_row(load, [&](int64_t row, int64_t line, std::span<const std::string_view> cells) {
    for (const std::size_t column : columns)
      take_cell(load.columns[column], {load, row, line, column, cells[column]}, row_values, groups);
    row_values += load.width;
  });
}

// What the first rows make of a number or category.
void guess(TableLoad& load, std::size_t column) {
  ColumnLoad& guessed = load.columns[column];
  if (guessed.is_forced || guessed.use != ColumnUse::number) return;
  double value = 0;
  for (std::size_t row = load.has_header; row < load.start.rows.size(); ++row) {
    if (column >= load.start.rows[row].size()) continue;
    const std::string& cell = load.start.rows[row][column];
    if (!is_missing(cell) && !read_number(cell, load.start.dialect.point, value))
      guessed.use = ColumnUse::category;
  }
}

}  // namespace

int32_t TextNumbers::find(std::string_view text) const {
  const auto found = numbers_.find(text);
  return found == numbers_.end() ? -1 : found->second;
}

int32_t TextNumbers::add(std::string_view text, int64_t line) {
  const auto number = static_cast<int32_t>(texts_.size());
  texts_.push_back(&numbers_.emplace(text, number).first->first);
  lines_.push_back(line);
  return number;
}

std::string TableLoad::place(int64_t line, std::size_t column) const {
  constexpr std::size_t longest_name = 40;
  return fmt::format("line {}, column {}{}", line, column + 1,
                     has_header ? " (" + printable(names[column], longest_name) + ")" : "");
}

void load_columns(TableLoad& load) {
  load.rows = count_rows(load);
  std::vector<std::size_t> columns, late;
  for (std::size_t column = 0; column < load.columns.size(); ++column) {
    guess(load, column);
    const ColumnUse use = load.columns[column].use;
    if (use == ColumnUse::target || use == ColumnUse::weight || use == ColumnUse::time)
      load.columns[column].numbers.reserve(static_cast<std::size_t>(load.rows));
    if (use != ColumnUse::unused) columns.push_back(column);
  }
  const auto count = static_cast<std::size_t>(load.rows) * static_cast<std::size_t>(load.width);
  try {
    load.values.resize(count);
  } catch (const std::exception&) {
    throw OutOfMemory("read_table", load.source.name(),
                      static_cast<double>(count) * static_cast<double>(sizeof(float)));
  }
  read_columns(load, columns);
  for (const std::size_t column : columns) {
    ColumnLoad& loaded = load.columns[column];
    if (loaded.use != ColumnUse::number || loaded.first_text.line == 0) continue;
    loaded = {.use = ColumnUse::category, .slot = loaded.slot};
    late.push_back(column);
  }
  if (!late.empty()) read_columns(load, late);
  for (const std::size_t column : columns)
    if (const ColumnLoad& loaded = load.columns[column];
        loaded.use == ColumnUse::number && loaded.first_infinite.line != 0)
      file_error(load.source.name(), "{}: {} is not a finite number",
                 load.place(loaded.first_infinite.line, column),
                 in_quotes(loaded.first_infinite.text));
}

std::vector<std::vector<std::string>> load_texts(const TableLoad& load,
                                                 const std::vector<int64_t>& columns) {
  std::vector<std::vector<std::string>> texts(columns.size());
  if (columns.empty()) return texts;
  std::string converted;
  for_each_row(load, [&](int64_t, int64_t, std::span<const std::string_view> cells) {
    for (std::size_t i = 0; i < columns.size(); ++i)
      texts[i].emplace_back(as_utf8(cells[static_cast<std::size_t>(columns[i])], converted));
  });
  return texts;
}

void keep_slots(TableLoad& load, const std::vector<int64_t>& kept) {
  if (std::ssize(kept) == load.width) return;
  float* out = load.values.data();
  for (int64_t row = 0; row < load.rows; ++row)
    for (const int64_t slot : kept)
      *out++ = load.values[static_cast<std::size_t>(row * load.width + slot)];
  load.values.resize(static_cast<std::size_t>(load.rows * std::ssize(kept)));
  load.width = std::ssize(kept);
}

}  // namespace gradus::data
