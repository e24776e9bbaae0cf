// A normalization's name and argument, "group:8": what entries of the tables are given.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gradus::layers {

/// NAME or NAME:ARGUMENT, the argument empty where there is none.
struct NamedScheme {
  /// In the name "_" becomes "-".
  explicit NamedScheme(std::string_view text);

  std::string name;      ///< what stands before the colon
  std::string argument;  ///< what follows it
};

/// Throws std::invalid_argument for a scheme that takes no argument but got one.
void require_no_argument(const char* scheme, std::string_view argument);
/// The argument of `scheme` as a number of `what` from 1 on, or `standard` where it is empty.
/// Throws std::invalid_argument for another one.
int64_t count_argument(const char* scheme, const char* what, std::string_view argument,
                       int64_t standard);

}  // namespace gradus::layers
