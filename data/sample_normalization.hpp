// Normalization: what becomes of a sample's values before a network sees them.
#pragma once

#include "core/tensor.hpp"

namespace gradus::data {

/// What becomes of a sample's values x: ((x − mean)/deviation)·matrix. Mean and deviation are one
/// number for all values or one for each; for images in units of white = 1.
struct Normalization {
  std::vector<double> mean = {0};       ///< subtracted
  std::vector<double> deviation = {1};  ///< what is divided by; positive
  /// (values, shape of the result…), f32 or f64; undefined: no product, and the shape stays.
  Tensor matrix = {};

  /// x (N, shape of a sample…) → (N, shape of the result…), of x's type. Throws
  /// std::invalid_argument where the numbers of values differ.
  Tensor operator()(const Tensor& x) const;
  /// The last part of it: x (N, …)·matrix, which is there.
  Tensor product(const Tensor& x) const;
  /// Throws std::invalid_argument unless it takes samples of this shape: 1 mean and deviation or
  /// one for each value, deviations positive, a matrix with a row for each value.
  void check(const Shape& sample) const;
  /// The shape of what becomes of a sample of this shape.
  Shape result_shape(const Shape& sample) const;
  /// Whether both have the same numbers; a matrix may be f32 in one and f64 in the other.
  bool operator==(const Normalization& other) const;
};

}  // namespace gradus::data
