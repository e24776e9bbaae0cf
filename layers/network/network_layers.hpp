// network_layers: what the text of a network can name.
#pragma once

#include "layers/network/network_builder.hpp"

namespace gradus::layers {

/// By name, with the words that follow it in the help; every activation is one, too.
const Registry<NetworkLayer>& network_layers();

}  // namespace gradus::layers
