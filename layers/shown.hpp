// shown, called: options in the description of a layer.
#pragma once

#include <initializer_list>

#include "core/pair.hpp"

namespace gradus::layers {

/// ", name=value" if the value isn't the default; otherwise empty.
template <class T>
std::string shown(const char* name, const T& value, const T& default_value) {
  return value == default_value ? "" : fmt::format(", {}={}", name, value);
}
/// The same for pairs of height and width.
inline std::string shown(const char* name, const Pair& value, const Pair& default_value) {
  return value == default_value ? "" : fmt::format(", {}={}", name, to_string(value));
}

/// "Name(eps=0.1, gain=false)", from the texts of shown().
inline std::string called(const char* name, std::initializer_list<std::string> options) {
  std::string list;
  for (const std::string& option : options) list += option;
  return fmt::format("{}({})", name, list.empty() ? list : list.substr(2));
}

}  // namespace gradus::layers
