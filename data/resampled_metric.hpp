// ResampledMetric: a metric of samples that count several times or not at all, as in a bootstrap.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace gradus::data {

/// A metric of N samples, prepared (sorted, compared, divided into bins) to be computed many times:
/// metric(counts), with a count of 0 or more for each sample, is the metric of a set that contains
/// sample i counts[i] times. NaN if all counts are 0. It may be called by several threads at once.
using ResampledMetric = std::function<double(std::span<const int32_t> counts)>;

/// The metric of the `samples` samples themselves: each counts once.
inline double each_once(const ResampledMetric& metric, int64_t samples) {
  return metric(std::vector<int32_t>(static_cast<std::size_t>(samples), 1));
}

}  // namespace gradus::data
