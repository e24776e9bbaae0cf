#include "apps/lab/measure/estimates.hpp"

#include <algorithm>

#include "core/error.hpp"

namespace gradus::lab {

const Estimate& number_at(const Table& table, const std::vector<TableCell>& row,
                          std::string_view column) {
  const auto same = [](const TableCell& a, const TableCell& b) {
    return a.word == b.word && a.number.mean == b.number.mean;
  };
  const auto at = std::ranges::find(table.columns, column, &Column::name);
  const auto found = std::ranges::find_if(table.rows, [&](const std::vector<TableCell>& one) {
    return std::equal(row.begin(), row.end(), one.begin(), same);
  });
  require(at != table.columns.end() && found != table.rows.end(), "number_at",
          "'{}' has no column '{}', or no such row", table.title, column);
  return (*found)[static_cast<std::size_t>(at - table.columns.begin())].number;
}

}  // namespace gradus::lab
