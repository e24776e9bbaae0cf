// Normalization: scales and transforms a sample's values before the network reads them.
#pragma once

#include "core/tensor.hpp"

namespace gradus::data {

/// Maps a sample's values x to ((x − mean)/deviation)·matrix. Mean and deviation are one number for
/// all values or one for each; images have values from 0 (black) to 1 (white).
struct Normalization {
  std::vector<double> mean = {0};       ///< subtracted
  std::vector<double> deviation = {1};  ///< divisor; positive
  /// (values, shape of the result…), f32 or f64; undefined: no product, the shape stays.
  Tensor matrix = {};

  /// x (N, shape of a sample…) → (N, shape of the result…), of x's type; its gradient reaches x.
  /// Throws std::invalid_argument if the numbers of values differ.
  Tensor operator()(const Tensor& x) const;
  /// The last step: x (N, …)·matrix; the matrix must be defined.
  Tensor product(const Tensor& x) const;
  /// Throws std::invalid_argument unless it fits samples of this shape: one mean and deviation, or
  /// one for each value; positive deviations; a matrix with one row for each value.
  void check(const Shape& sample) const;
  /// The shape of the result for a sample of this shape.
  Shape result_shape(const Shape& sample) const;
  /// Whether both have the same numbers; a matrix may be f32 in one and f64 in the other.
  bool operator==(const Normalization& other) const;
};

}  // namespace gradus::data
