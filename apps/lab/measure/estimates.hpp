// The same thing done with several seeds, and what came out as estimates and rows of tables.
#pragma once

#include "apps/lab/experiment.hpp"

namespace gradus::lab {

/// The results of body(seed) for as many seeds as the options say, or else `standard`.
template <class Body>
auto over_seeds(const ExperimentOptions& options, int64_t standard, Body&& body) {
  std::vector<std::invoke_result_t<Body&, uint64_t>> results;
  for (int64_t run = 0; run < options.seeds.value_or(standard); ++run)
    results.push_back(body(options.seed + static_cast<uint64_t>(run)));
  return results;
}

/// The estimate of one number of each run, by a function or a member: estimate_of(runs,
/// &Run::loss).
template <class Run, class Value>
Estimate estimate_of(const std::vector<Run>& runs, Value value) {
  std::vector<double> values;
  for (const Run& run : runs) values.push_back(std::invoke(value, run));
  return estimate(values);
}

/// Adds a row: what stands at its beginning, then the estimate of each of the numbers.
template <class Run, class... Values>
void add_row(Table& table, std::vector<TableCell> row, const std::vector<Run>& runs,
             Values... values) {
  (row.push_back(estimate_of(runs, values)), ...);
  table.rows.push_back(std::move(row));
}

/// The number in the column of that name, of the first row that begins with `row`, words and
/// numbers. Throws std::invalid_argument where there is none.
const Estimate& number_at(const Table& table, const std::vector<TableCell>& row,
                          std::string_view column);

}  // namespace gradus::lab
