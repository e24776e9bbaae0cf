// The same thing done with several seeds.
#pragma once

#include <functional>
#include <vector>

#include "apps/lab/experiment.hpp"
#include "core/statistics.hpp"

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

}  // namespace gradus::lab
