// Planted: an operation with a hand-written gradient, correct or with a planted mistake.
#pragma once

#include "core/tensor.hpp"

namespace gradus::lab {

/// An operation on x, its result y, and the upstream gradient g.
struct BackwardPass {
  Tensor x, y, g;
};

struct Planted {
  const char* operation;
  const char* mistake;  ///< "none" if the gradient is correct
  Tensor (*value)(const Tensor& x);
  Tensor (*gradient)(const BackwardPass& pass);  ///< by x

  bool is_right() const { return std::string(mistake) == "none"; }
  /// The value, recorded with this gradient.
  Tensor operator()(const Tensor& x) const;
};

/// For x (4, 4), f32 or f64: softmax of each row, transposition, a matrix product, exp and leaky
/// ReLU, each once with the correct gradient and then with mistakes.
const std::vector<Planted>& planted_gradients();

}  // namespace gradus::lab
