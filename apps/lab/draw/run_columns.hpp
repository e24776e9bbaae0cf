// Columns of tables as lines of charts.
#pragma once

#include <string_view>

#include "apps/lab/draw/run_curves.hpp"

namespace gradus::lab {

/// The numbers (of estimates, their means) of column `y` over those of column `x`, named like the
/// column; with `word`, of the rows that begin with it alone, and named like it.
inline pictures::Series column_line(const Table& table, std::size_t x, std::size_t y,
                                    std::string_view word = "") {
  pictures::Series line{std::string(word.empty() ? table.columns[y].name : word), {}, {}};
  for (const std::vector<TableCell>& row : table.rows) {
    if (!word.empty() && row[0].word != word) continue;
    line.x.push_back(row[x].number.mean);
    line.y.push_back(row[y].number.mean);
  }
  return line;
}

/// Every column behind the first as a line over it; lines that would hide each other are joined.
inline std::vector<pictures::Series> column_lines(const Table& table) {
  pictures::Chart chart;
  for (std::size_t y = 1; y < table.columns.size(); ++y)
    add_or_join(chart, column_line(table, 0, y));
  return chart.series;
}

}  // namespace gradus::lab
