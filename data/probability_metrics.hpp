// log_loss, brier, expected_calibration_error, roc_auc …: measures of a classifier's probabilities.
#pragma once

#include "core/tensor.hpp"
#include "data/resampled_metric.hpp"

namespace gradus::data {

// `target` is i64 (N), N ≥ 1, with classes 0 … K−1. `score` and `probability` are f32 or f64 (N,
// K), row i for sample i; where it says (N), K is 2 and the numbers are those of class 1. A
// probability is 0 … 1 (up to 1e-6 more is rounding and counts as 1), and the sum of a row is 1
// within 1e-3. Scores are any numbers that order samples, logits too. Where one of the numbers is
// NaN, the result is NaN. Sums are in f64. Errors: std::invalid_argument.

/// The fraction of samples whose target is among the k classes with the highest scores, 0 … 1; of
/// equal scores, that of the first class is the higher one, as in predictions(). score (N, K), k is
/// 1 … K.
double top_k_accuracy(const Tensor& target, const Tensor& score, int64_t k);

/// The mean of −log p with the probability p of the target, in nats, 0 … ∞: infinite where such a p
/// is 0. It is the cross-entropy of the logits. probability (N) or (N, K). probabilities() computes
/// the probabilities in f64, so that they aren't rounded to 0.
double log_loss(const Tensor& target, const Tensor& probability);

/// The mean squared distance of the probabilities from 0 and 1 (Brier 1950). (N, K): the mean of
/// Σ (p − y)² over the classes, 0 … 2, with y = 1 for the target and else 0. (N): the mean of
/// (p − y)² for class 1, 0 … 1.
double brier(const Tensor& target, const Tensor& probability);

/// How far a model's confidence is from its accuracy, 0 … 1 (Naeini et al. 2015, Guo et al. 2017).
/// The confidence of a sample is its largest probability. Samples with similar confidence share one
/// of `bins` equal bins of 0 … 1, of which the last includes 1:
///
///     Σ samples of the bin / N · |accuracy − mean confidence of the bin|
///
/// Its expectation for a calibrated model is above 0, the more so with few samples. probability
/// (N, K), bins ≥ 1.
double expected_calibration_error(const Tensor& target, const Tensor& probability,
                                  int64_t bins = 15);

/// The area under the receiver operating characteristic, 0 … 1: the probability that a sample of a
/// class has a higher score than one of the others; a tie is ½ (Hanley and McNeil 1982). (N, K):
/// each class against the rest, and the mean over the classes that occur in the target (Provost and
/// Domingos 2003). NaN where only one class occurs.
double roc_auc(const Tensor& target, const Tensor& score);

/// The mean precision over the recalls, 0 … 1: Σ (Rₖ − Rₖ₋₁)·Pₖ over the distinct scores from the
/// top, with the recall R and the precision P of the samples down to that score. Nothing is
/// interpolated. (N): NaN where class 1 doesn't occur. (N, K): each class against the rest, and the
/// mean over the classes that occur in the target; for two classes too.
double average_precision(const Tensor& target, const Tensor& score);

/// Metrics as functions of the samples' weights.
namespace resampled {
/// See data::top_k_accuracy().
ResampledMetric top_k_accuracy(const Tensor& target, const Tensor& score, int64_t k);
/// See data::log_loss().
ResampledMetric log_loss(const Tensor& target, const Tensor& probability);
/// See data::brier().
ResampledMetric brier(const Tensor& target, const Tensor& probability);
/// See data::expected_calibration_error().
ResampledMetric expected_calibration_error(const Tensor& target, const Tensor& probability,
                                           int64_t bins = 15);
/// See data::roc_auc(). The samples are sorted once.
ResampledMetric roc_auc(const Tensor& target, const Tensor& score);
/// See data::average_precision(). The samples are sorted once.
ResampledMetric average_precision(const Tensor& target, const Tensor& score);
}  // namespace resampled

}  // namespace gradus::data
