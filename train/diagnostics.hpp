// diagnose: computes a model's weights, activations and gradients for one batch.
#pragma once

#include "train/fit.hpp"

namespace gradus::train {

/// Tensors by name: parameters as "0.weight", outputs of layers as "0 Conv2d".
struct Diagnostics {
  NamedTensors weights;  ///< all parameters
  /// The output of each layer without sublayers, except layers that return their input unchanged.
  NamedTensors activations;
  NamedTensors gradients;  ///< of the loss with respect to each trained parameter
};

/// Runs a forward and a backward pass on `batch` in a copy of the model: the model's parameters,
/// buffers and random generators don't change. Dropout draws the same numbers as the next step.
Diagnostics diagnose(const layers::Module& model, const Loss& loss, const data::Batch& batch);

/// The first training samples, at most 128: always the same, so that epochs and runs compare.
data::Batch diagnostic_batch(const Training& training);

}  // namespace gradus::train
