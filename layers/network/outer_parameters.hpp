// outer_parameters: the parameters that aren't weights of hidden layers, for Muon.
#pragma once

#include "layers/module.hpp"

namespace gradus::layers {

/// The parameters of `module` that aren't weights (Role::weight) of hidden layers: biases, gains,
/// embeddings, and the weights of the first and of the last layer that has one. An embedding is the
/// first layer where it comes first; a tied one is the last layer too.
NamedTensors outer_parameters(Module& module);

}  // namespace gradus::layers
