// plain_layers: the layers whose weights initializers draw; internal.
#pragma once

#include "layers/reparametrization.hpp"

namespace gradus::layers {

/// The dense and convolution layers of `module`, or the recurrent ones, with their paths. Throws
/// std::invalid_argument if one has a reparametrization.
Members::Named<Reparametrizable> plain_layers(Module& module, bool recurrent = false);

}  // namespace gradus::layers
