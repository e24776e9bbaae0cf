#include "data/table/load_columns.hpp"

#include <algorithm>

#include "data/table/cell_text.hpp"
#include "data/table/column_reader.hpp"

namespace gradus::data {
namespace {

// Makes room for the values of a block. How many rows follow is estimated from those before.
void make_room(TableLoad& load, const RowBlocks& rows) {
  const auto width = static_cast<std::size_t>(load.width);
  const std::size_t needed = static_cast<std::size_t>(rows.end()) * width;
  constexpr double margin = 1.02;  // later rows may be shorter
  const auto likely = std::max(
      needed, static_cast<std::size_t>(margin * static_cast<double>(needed) / rows.part_read()));
  try {
    if (needed > load.values.capacity()) load.values.reserve(likely);
    load.values.resize(needed);
  } catch (const std::exception&) {
    throw OutOfMemory("read_table", load.source.name(),
                      static_cast<double>(likely) * static_cast<double>(sizeof(float)));
  }
}

// Calls visit(blocks) for each block of the samples. Returns the number of samples, which must be
// that of the passes before: load.rows, 0 in the first one.
template <class Visit>
int64_t for_each_block(const TableLoad& load, Visit&& visit) {
  RowBlocks blocks(load.source, load.start.dialect, load.names.size(), load.has_header);
  while (blocks.next()) {
    if (load.rows > 0 && blocks.end() > load.rows) break;
    visit(blocks);
  }
  if (blocks.end() == 0)
    file_error(load.source.name(), "line {}: no samples follow the header", blocks.last_line());
  if (load.rows > 0 && blocks.end() != load.rows)
    file_error(load.source.name(), "changed while it was read");
  return blocks.end();
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
  std::vector<std::size_t> columns, late;
  for (std::size_t column = 0; column < load.columns.size(); ++column) {
    guess(load, column);
    if (load.columns[column].use != ColumnUse::unused) columns.push_back(column);
  }
  ColumnReader reader(load, columns);
  load.rows = for_each_block(load, [&](RowBlocks& rows) {
    make_room(load, rows);
    reader.take(rows);
  });
  for (const std::size_t column : columns) {
    ColumnLoad& loaded = load.columns[column];
    if (loaded.use != ColumnUse::number || loaded.first_text.line == 0) continue;
    const int64_t slot = loaded.slot;
    loaded = {};
    loaded.use = ColumnUse::category;
    loaded.slot = slot;
    late.push_back(column);
  }
  if (!late.empty()) {
    ColumnReader again(load, late);
    for_each_block(load, [&](RowBlocks& rows) { again.take(rows); });
  }
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
