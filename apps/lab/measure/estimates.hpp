// over_seeds, estimate_of, add_row: runs with several seeds, their estimates and rows of tables.
#pragma once

#include "apps/lab/experiment.hpp"

namespace gradus::lab {

/// The results of body(seed) for the number of seeds in the options, by default `default_seeds`.
template <class Body>
auto over_seeds(const ExperimentOptions& options, int64_t default_seeds, Body&& body) {
  std::vector<std::invoke_result_t<Body&, uint64_t>> results;
  for (int64_t run = 0; run < options.seeds.value_or(default_seeds); ++run)
    results.push_back(body(options.seed + static_cast<uint64_t>(run)));
  return results;
}

/// The estimate of one number of each run, given by a function or a member:
/// estimate_of(runs, &Run::loss).
template <class Run, class Value>
Estimate estimate_of(const std::vector<Run>& runs, Value value) {
  std::vector<double> values;
  for (const Run& run : runs) values.push_back(std::invoke(value, run));
  return estimate(values);
}

/// Adds a row: the given cells, then the estimate of each number.
template <class Run, class... Values>
void add_row(Table& table, std::vector<TableCell> row, const std::vector<Run>& runs,
             Values... values) {
  (row.push_back(estimate_of(runs, values)), ...);
  table.rows.push_back(std::move(row));
}

/// The number in the named column of the first row that starts with `row`, words and numbers.
/// Throws std::invalid_argument if there is none.
const Estimate& number_at(const Table& table, const std::vector<TableCell>& row,
                          std::string_view column);

/// The estimate of a[i] − b[i], for runs with the same seeds: more sensitive than a comparison of
/// two means.
Estimate paired_difference(const std::vector<double>& a, const std::vector<double>& b);

/// a − b with its 95 % interval (see difference()): "-3.0 (95 % interval -5.9 to -0.1, 8 seeds)".
std::string difference_text(const Estimate& a, const Estimate& b, int decimals);

}  // namespace gradus::lab
