// The same thing done with several seeds.
#pragma once

#include <functional>
#include <vector>

#include "apps/lab/estimate.hpp"
#include "apps/lab/experiment.hpp"

namespace gradus::lab {

/// The results of body(seed) for as many seeds as the settings say, or else `standard`.
template <class Body>
auto over_seeds(const Settings& settings, int64_t standard, Body&& body) {
  std::vector<std::invoke_result_t<Body&, uint64_t>> results;
  for (int64_t run = 0; run < settings.seeds.value_or(standard); ++run)
    results.push_back(body(settings.seed + static_cast<uint64_t>(run)));
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

/// The mean of the runs' curves, which a member holds, at each point: one for each epoch, from 1
/// on.
template <class Run>
pictures::Series mean_curve(const std::string& name, const std::vector<Run>& runs,
                            std::vector<double> Run::*curve, double scale = 1) {
  pictures::Series series{name, {}, {}};
  for (std::size_t i = 0; i < (runs[0].*curve).size(); ++i) {
    series.x.push_back(static_cast<double>(i + 1));
    series.y.push_back(scale *
                       estimate_of(runs, [&](const Run& run) { return (run.*curve)[i]; }).mean);
  }
  return series;
}

}  // namespace gradus::lab
