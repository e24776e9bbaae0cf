// network, check_description, check_error: for tests of networks from text.
#pragma once

#include <doctest/doctest.h>

#include "layers/network/models.hpp"

namespace gradus::layers {

/// The network of a text.
inline Sequential network(const std::string& text, const ModelOptions& options = {}) {
  Rng rng(1);
  return build(text, options, rng);
}

/// Checks the descriptions of its layers.
inline void check_description(const std::string& text, const std::string& layers,
                              const ModelOptions& options = {}) {
  CAPTURE(text);
  CHECK(network(text, options).description() == "Sequential(" + layers + ")");
}

/// Checks that the text is refused with exactly this message.
inline void check_error(const std::string& text, const std::string& error,
                        const ModelOptions& options = {}) {
  CAPTURE(text);
  CHECK_THROWS_WITH_AS(network(text, options), error.c_str(), std::invalid_argument);
}

}  // namespace gradus::layers
