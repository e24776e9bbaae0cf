// Task: what the targets of a data set are, and how outputs of a model are judged by them.
#pragma once

#include "core/ops/loss.hpp"
#include "data/dataset.hpp"

namespace gradus::train {

/// One kind of targets. What trains and judges asks the task of its data set; nothing else knows
/// the kinds.
struct Task {
  const char* targets;  ///< what they are: "classes"
  LossFunction loss;    ///< what fit() minimizes unless told otherwise
  /// What a model's outputs (N, …) say, one prediction for each sample.
  Tensor (*predictions)(const Tensor& outputs);
  /// How many predictions are right.
  double (*correct)(const Tensor& targets, const Tensor& predictions);
};

/// The task of a data set. All have classes for targets: cross-entropy, and the class with the
/// largest logit.
const Task& task_of(const data::Dataset& dataset);

}  // namespace gradus::train
