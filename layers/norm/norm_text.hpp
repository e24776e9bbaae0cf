// The text that chooses normalizations: what `--norm` and ModelOptions take.
#pragma once

#include <string>
#include <string_view>

#include "core/error.hpp"

namespace gradus::layers {

/// NAME or NAME:ARGUMENT, the argument empty where there is none.
struct NamedScheme {
  /// In the name "_" becomes "-".
  explicit NamedScheme(std::string_view text);

  std::string name;      ///< what stands before the colon
  std::string argument;  ///< what follows it
};

/// PART or PART+PART: at most one normalization of activations and at most one of weights, in any
/// order, each NAME or NAME:ARGUMENT: "group:8+weight-std", "spectral". "none" stands alone. Throws
/// std::invalid_argument for other texts; names of neither table are told with those of both,
/// nearest first. Arguments are left to the tables' entries.
struct NormText {
  /// Reads the text.
  explicit NormText(std::string_view text);

  std::string activations = "none";  ///< for make_normalization
  std::string weights = "";          ///< for make_weight_normalization; empty for none
};

/// Throws std::invalid_argument for a scheme that takes no argument but got one.
void require_no_argument(const char* scheme, std::string_view argument);
/// The argument of `scheme` as a number of `what` from 1 on, or `standard` where it is empty.
/// Throws std::invalid_argument for another one.
int64_t count_argument(const char* scheme, const char* what, std::string_view argument,
                       int64_t standard);

}  // namespace gradus::layers
