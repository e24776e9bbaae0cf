// sinusoidal_positions, rotary_embedding: tell the places of a sequence apart, for attention, which
// by itself doesn't see their order. Errors: std::invalid_argument.
#pragma once

#include "core/tensor.hpp"

namespace gradus {

/// y (length, width): y[p, 2i] = sin(p/10000^(2i/width)), y[p, 2i + 1] = cos of the same; an odd
/// width ends with a sine (Vaswani et al. 2017). It is added to the inputs.
Tensor sinusoidal_positions(int64_t length, int64_t width, DType dtype = DType::f32);

/// Options of rotary_embedding().
struct RotaryOptions {
  double base = 10000;       ///< above 0
  int64_t offset = 0;        ///< the place of the first row
  int64_t heads = 1;         ///< parts of the last dimension, each of which is turned by itself
  bool interleaved = false;  ///< the pairs are (2i, 2i + 1) instead of (i, i + d/2)
};

/// Turns each pair (u, v) of row p of x (…, L, d) by the angle a = (p + offset)·base^(−2i/d):
/// (u cos a − v sin a, v cos a + u sin a), so that the product of a query and a key depends on
/// their distance (Su et al. 2021). Queries and keys are turned, values aren't. Throws for an odd
/// d.
Tensor rotary_embedding(const Tensor& x, const RotaryOptions& options = {});

}  // namespace gradus
