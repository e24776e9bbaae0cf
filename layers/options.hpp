// Checks of layers' options, and how descriptions show them; for the sources of layers.
#pragma once

#include <string>

#include "core/pair.hpp"

namespace gradus::layers {

inline void require_at_least(int64_t low, const char* layer, const char* option,
                             const Pair& value) {
  require(value.height >= low && value.width >= low, layer, "{} is {} or more, got {}", option, low,
          to_string(value));
}

inline void require_positive(const char* layer, const char* option, const Pair& value) {
  require_at_least(1, layer, option, value);
}

/// ", name=value" where the value isn't the default; nothing otherwise.
inline std::string shown(const char* name, const Pair& value, const Pair& standard) {
  return value == standard ? "" : fmt::format(", {}={}", name, to_string(value));
}

}  // namespace gradus::layers
