// Every normalization, and what theory says that scaling and shifting do to it.
#pragma once

#include <string>
#include <vector>

#include "layers/reparametrization.hpp"

namespace gradus::lab {

/// A layer's activations or weights are normalized.
struct Scheme {
  std::string name;
  layers::AnyModule norm;                    ///< identity where weights are normalized
  layers::AnyReparametrization weight_norm;  ///< none where activations are
  /// What becomes of the output under weights ×λ, weights + c, data ×λ, data + c, of the gradient
  /// under weights ×λ, and whether it is orthogonal to the weights: to move along them would be to
  /// scale them.
  std::string theory;
};

/// None, and all those that there are, for outputs (N, 6, 6, 6).
std::vector<Scheme> schemes(double eps);

}  // namespace gradus::lab
