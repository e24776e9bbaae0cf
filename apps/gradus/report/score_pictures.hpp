// reliability, roc, precision_recall: charts of a classifier's probabilities.
#pragma once

#include <optional>

#include "apps/pictures/chart.hpp"
#include "core/tensor.hpp"

namespace gradus::app {

// `targets` are i64 (N), N ≥ 1, of 0 … K−1; `probabilities` f32 or f64 (N, K), each row with sum 1.
// `names` are those of the classes; empty: they are numbers. Errors: std::invalid_argument. Without
// a curve to draw they are empty.

/// The accuracy over the confidence, the largest probability, of the samples in each of 15 equal
/// bins of confidence (Guo et al. 2017), and a chart of the bins' shares of the samples. Empty if a
/// probability is NaN.
std::vector<pictures::Chart> reliability(const Tensor& targets, const Tensor& probabilities);

/// The receiver operating characteristic: with two classes that of class 1, with several a curve of
/// each class against the rest, with more than 10 the three of the smallest areas and the mean of
/// all. Classes that don't occur are left out. Empty if only one class occurs or a probability is
/// NaN.
std::optional<pictures::Chart> roc(const Tensor& targets, const Tensor& probabilities,
                                   const std::vector<std::string>& names = {});

/// The precision over the recall, for the same classes. A curve is constant between two recalls, so
/// that the area below it is the average precision.
std::optional<pictures::Chart> precision_recall(const Tensor& targets, const Tensor& probabilities,
                                                const std::vector<std::string>& names = {});

}  // namespace gradus::app
