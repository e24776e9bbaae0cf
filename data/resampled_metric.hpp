// ResampledMetric: a metric of samples that count by weights, as in a bootstrap.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/tensor.hpp"

namespace gradus::data {

/// A metric of N samples, prepared (sorted, compared, divided into bins) to be computed many times:
/// metric(weights), with a weight of 0 or more for each sample. With whole numbers it is the metric
/// of a set that contains sample i weights[i] times; multiplying all weights by a number doesn't
/// change it. NaN if all weights are 0. It may be called by several threads at once.
using ResampledMetric = std::function<double(std::span<const double> weights)>;

/// The metric of the `samples` samples themselves: each has the weight 1.
double each_once(const ResampledMetric& metric, int64_t samples);
/// The same for the samples of `target` (N, …).
double each_once(const ResampledMetric& metric, const Tensor& target);

/// The weighted mean of a value of each sample. A sample with the weight 0 doesn't matter, also if
/// its value is infinite.
ResampledMetric mean_of_samples(std::vector<double> values);

/// The metric that is NaN for all weights.
ResampledMetric undefined_metric();

}  // namespace gradus::data
