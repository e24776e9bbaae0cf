// diagnose: the values inside a model, layer by layer, for one batch.
#pragma once

#include "train/fit.hpp"

namespace gradus::train {

/// Tensors by name: parameters as "0.weight", outputs of layers as "0 Conv2d".
struct Diagnostics {
  NamedTensors weights;  ///< all parameters
  /// The output of each layer that has none below it, but for those that only pass their input on.
  NamedTensors activations;
  NamedTensors gradients;  ///< of the loss, for each parameter that is trained
};

/// A training step on `batch` without the step, in a copy: model, buffers and random generators
/// stay bit for bit what they were. Dropout draws what the model's next step would draw.
Diagnostics diagnose(const layers::Module& model, const LossFunction& loss,
                     const data::Batch& batch);

/// Some of the training samples, always the same, so that epochs and runs compare.
data::Batch batch_to_look_at(const Training& training);

}  // namespace gradus::train
