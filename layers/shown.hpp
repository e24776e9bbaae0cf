// shown: an option in the description of a layer.
#pragma once

#include <string>

#include "core/pair.hpp"

namespace gradus::layers {

/// ", name=value" where the value isn't the default; nothing otherwise.
inline std::string shown(const char* name, const Pair& value, const Pair& standard) {
  return value == standard ? "" : fmt::format(", {}={}", name, to_string(value));
}

}  // namespace gradus::layers
