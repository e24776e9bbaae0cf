// shown: an option in the description of a layer.
#pragma once

#include <initializer_list>

#include "core/pair.hpp"

namespace gradus::layers {

/// ", name=value" where the value isn't the default; nothing otherwise.
template <class T>
std::string shown(const char* name, const T& value, const T& standard) {
  return value == standard ? "" : fmt::format(", {}={}", name, value);
}
/// The same for height and width.
inline std::string shown(const char* name, const Pair& value, const Pair& standard) {
  return value == standard ? "" : fmt::format(", {}={}", name, to_string(value));
}

/// "Name(eps=0.1, gain=false)", of what shown() makes of each option.
inline std::string called(const char* name, std::initializer_list<std::string> options) {
  std::string list;
  for (const std::string& option : options) list += option;
  return fmt::format("{}({})", name, list.empty() ? list : list.substr(2));
}

}  // namespace gradus::layers
