// SmallNetwork, add_training: short trainings of small networks.
#pragma once

#include "apps/gradus/fingerprint/fingerprints.hpp"
#include "core/ops/loss/loss.hpp"
#include "core/text/option_table.hpp"
#include "layers/network/model_options.hpp"
#include "layers/sequential.hpp"

namespace gradus::app {

/// The number of classes of networks that aren't trained on digits.
inline constexpr int64_t network_classes = 5;

/// The network of a text, for samples of a shape.
struct SmallNetwork {
  std::string text;
  Shape input;
  std::string norm = {};  ///< as in layers::ModelOptions
  int64_t classes = network_classes;

  layers::Sequential build(DType dtype) const;
};

/// How a network is trained. The loss needs no elementary function, so that these have fingerprints
/// of their own.
struct ShortTraining {
  std::string optimizer = "sgd";
  OptionValues options = {};  ///< of the optimizer
  std::string loss = "mse";
  int64_t steps = 2;
};

/// Trains `model` on a batch by the optimizer's default rate. Adds the loss of each step, the final
/// weights, and the outputs of an evaluation.
void add_training(Digest& digest, layers::Sequential& model, const Tensor& batch,
                  const ShortTraining& training = {});
/// The same for a new network and `samples` uniform samples.
void add_training(Digest& digest, const SmallNetwork& network, int64_t samples, DType dtype,
                  const ShortTraining& training = {});

}  // namespace gradus::app
