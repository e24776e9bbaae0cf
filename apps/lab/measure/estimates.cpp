#include "apps/lab/measure/estimates.hpp"

#include <algorithm>
#include <cmath>

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

Estimate paired_difference(const std::vector<double>& a, const std::vector<double>& b) {
  require(a.size() == b.size(), "paired_difference", "needs as many runs, got {} and {}", a.size(),
          b.size());
  std::vector<double> differences;
  for (std::size_t i = 0; i < a.size(); ++i) differences.push_back(a[i] - b[i]);
  return estimate(differences);
}

std::string difference_text(const Estimate& a, const Estimate& b, int decimals) {
  const std::string runs =
      a.runs == b.runs ? std::to_string(a.runs) : fmt::format("{} and {}", a.runs, b.runs);
  const std::string seeds = runs + (runs == "1" ? " seed" : " seeds");
  const auto text = [&](double value) { return fmt::format("{:.{}f}", value, decimals); };
  const auto [low, high] = difference(a, b);
  if (std::isinf(low)) return fmt::format("{} ({})", text(a.mean - b.mean), seeds);
  return fmt::format("{} (95 % interval {} to {}, {})", text(a.mean - b.mean), text(low),
                     text(high), seeds);
}

}  // namespace gradus::lab
