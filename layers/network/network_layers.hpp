// network_layers: the layers that a network's text may contain.
#pragma once

#include "layers/network/network_builder.hpp"

namespace gradus::layers {

/// The layers by name; the help lists the words that follow the name. All activations are included.
const Registry<NetworkLayer>& network_layers();

}  // namespace gradus::layers
