// mae, rmse, r2: measures of predicted numbers.
#pragma once

#include "core/tensor.hpp"
#include "data/resampled_metric.hpp"

namespace gradus::data {

// `target` and `prediction` are f32 or f64 and of the same shape: (N), N ≥ 1, or (N, D) for D
// numbers of each sample. NaN among them makes the result NaN. Sums are in f64. Errors:
// std::invalid_argument; also for (N) with (N, 1), since it is usually a mistake.

/// The mean of |target − prediction|, 0 … ∞.
double mae(const Tensor& target, const Tensor& prediction);
/// √ of the mean of (target − prediction)², 0 … ∞; also for D numbers of each sample, of all
/// numbers together.
double rmse(const Tensor& target, const Tensor& prediction);
/// The coefficient of determination, at most 1 (Wright 1921):
///
///     1 − Σ (y − ŷ)² / Σ (y − ȳ)²
///
/// 0 for a model that always predicts the mean ȳ of these targets, below 0 for a worse one. NaN
/// where all targets are equal (one sample, too). For D numbers of each sample it is the mean over
/// them.
double r2(const Tensor& target, const Tensor& prediction);

/// Metrics as functions of the samples' weights.
namespace resampled {
/// See data::mae().
ResampledMetric mae(const Tensor& target, const Tensor& prediction);
/// See data::rmse().
ResampledMetric rmse(const Tensor& target, const Tensor& prediction);
/// See data::r2(). NaN also where all targets of a draw are equal.
ResampledMetric r2(const Tensor& target, const Tensor& prediction);
}  // namespace resampled

}  // namespace gradus::data
