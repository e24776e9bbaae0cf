// Task: the loss, predictions and accuracy for the targets of a data set.
#pragma once

#include "core/ops/loss.hpp"
#include "data/dataset.hpp"

namespace gradus::train {

/// One kind of targets. Training and evaluation use the task of the data set; no other code depends
/// on the kind.
struct Task {
  const char* targets;  ///< name: "classes"
  LossFunction loss;    ///< the default loss of fit()
  /// The prediction for each sample, from a model's outputs (N, …).
  Tensor (*predictions)(const Tensor& outputs);
  /// The number of correct predictions.
  double (*correct)(const Tensor& targets, const Tensor& predictions);
};

/// The task of a data set. The only one is classification: cross-entropy, and the class with the
/// largest logit as prediction.
const Task& task_of(const data::Dataset& dataset);

}  // namespace gradus::train
