#include "data/table/load_columns.hpp"

#include "data/table/cell_text.hpp"
#include "data/table/column_reader.hpp"

namespace gradus::data {
namespace {

int64_t count_rows(const TableLoad& load) {
  RowReader reader(load.source, load.start.dialect);
  int64_t rows = 0;
  while (reader.next()) ++rows;
  const int64_t last = reader.row().line;
  rows -= load.has_header;
  if (rows == 0) file_error(load.source.name(), "line {}: no samples follow the header", last);
  return rows;
}

// Calls visit(blocks) for each block of the samples.
template <class Visit>
void for_each_block(const TableLoad& load, Visit&& visit) {
  RowBlocks blocks(load.source, load.start.dialect, load.names.size(), load.has_header);
  while (blocks.next() && blocks.end() <= load.rows) visit(blocks);
  if (blocks.end() != load.rows) file_error(load.source.name(), "changed while it was read");
}

void read_columns(TableLoad& load, const std::vector<std::size_t>& columns) {
  ColumnReader reader(load, columns);
  for_each_block(load, [&](RowBlocks& rows) { reader.take(rows); });
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
    const int64_t slot = loaded.slot;
    loaded = {};
    loaded.use = ColumnUse::category;
    loaded.slot = slot;
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
  for (auto& column : texts) column.resize(static_cast<std::size_t>(load.rows));
  for_each_block(load, [&](RowBlocks& rows) {
    rows.for_each_row([&](int64_t row, std::span<const std::string_view> cells) {
      std::string converted;
      for (std::size_t i = 0; i < columns.size(); ++i)
        texts[i][static_cast<std::size_t>(row)] =
            as_utf8(cells[static_cast<std::size_t>(columns[i])], converted);
    });
  });
  return texts;
}

}  // namespace gradus::data
