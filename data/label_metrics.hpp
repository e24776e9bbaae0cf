// label_accuracy, subset_accuracy, micro_f1, macro_auc …: measures of several labels of each
// sample, of which each is true or false.
#pragma once

#include "core/tensor.hpp"
#include "data/resampled_metric.hpp"

namespace gradus::data {

// `target` and `probability` are f32 or f64 (N, L), N and L ≥ 1: 0 or 1, and the probability that
// the label is 1, 0 … 1 (up to 1e-6 more is rounding and counts as 1). A label is predicted where
// its probability is ½ or more. A probability of NaN makes the result NaN. Sums are in f64. Errors:
// std::invalid_argument.

/// The fraction of the N·L decisions that are right, 0 … 1: 1 minus the Hamming loss.
double label_accuracy(const Tensor& target, const Tensor& probability);
/// The fraction of samples of which all labels are right, 0 … 1.
double subset_accuracy(const Tensor& target, const Tensor& probability);
/// F1 of all decisions together, 2·right/(true + predicted) with the numbers of labels that are
/// rightly predicted, true, and predicted; 0 for 0/0.
double micro_f1(const Tensor& target, const Tensor& probability);
/// The mean F1 of the labels that occur in target or prediction; 0 where none does.
double macro_f1(const Tensor& target, const Tensor& probability);
/// The mean of −log of the probability of the truth over the N·L decisions, in nats, 0 … ∞: the
/// binary cross-entropy. Infinite where such a probability is 0.
double label_log_loss(const Tensor& target, const Tensor& probability);
/// The mean of roc_auc() over the labels that are true for some samples and false for others; NaN
/// where none is. Any numbers that order samples will do instead of probabilities.
double macro_auc(const Tensor& target, const Tensor& score);
/// The mean of average_precision() over the labels that are true for some samples; NaN where none
/// is. Any numbers that order samples will do instead of probabilities.
double macro_average_precision(const Tensor& target, const Tensor& score);

/// Metrics as functions of the samples' weights.
namespace resampled {
/// See data::label_accuracy().
ResampledMetric label_accuracy(const Tensor& target, const Tensor& probability);
/// See data::subset_accuracy().
ResampledMetric subset_accuracy(const Tensor& target, const Tensor& probability);
/// See data::micro_f1().
ResampledMetric micro_f1(const Tensor& target, const Tensor& probability);
/// See data::macro_f1() of labels.
ResampledMetric macro_f1(const Tensor& target, const Tensor& probability);
/// See data::label_log_loss().
ResampledMetric label_log_loss(const Tensor& target, const Tensor& probability);
/// See data::macro_auc(). The samples are sorted once for each label.
ResampledMetric macro_auc(const Tensor& target, const Tensor& score);
/// See data::macro_average_precision(). The samples are sorted once for each label.
ResampledMetric macro_average_precision(const Tensor& target, const Tensor& score);
}  // namespace resampled

}  // namespace gradus::data
