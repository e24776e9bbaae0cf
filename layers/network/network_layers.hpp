// What the text of a network can name.
#pragma once

#include <functional>

#include "core/registry.hpp"
#include "layers/network/network_builder.hpp"

namespace gradus::layers {

/// Appends to the builder what an item means, from its words and parts.
struct NetworkLayer {
  /// Appends the layers to the builder. Throws std::invalid_argument for words that don't fit.
  std::function<void(NetworkBuilder& builder, NetworkWords& words, const NetworkItem& item)> append;
  std::size_t most_parts = 0;  ///< networks in parentheses
};

/// By name, with the words that follow it in the help; every activation is one, too.
const Registry<NetworkLayer>& network_layers();

}  // namespace gradus::layers
