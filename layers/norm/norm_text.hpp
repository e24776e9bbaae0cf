// The text that chooses normalizations: what `--norm` and ModelOptions take.
#pragma once

#include <string>
#include <string_view>

namespace gradus::layers {

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

}  // namespace gradus::layers
