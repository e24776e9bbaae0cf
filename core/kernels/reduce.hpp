// Sums along one dimension, in an order that depends on the shape alone.
#pragma once

#include <cstdint>

namespace gradus::kernels {

/// y[o, i] = Σⱼ x[o, j, i]; x (outer, n, inner), y (outer, inner)
template <class T>
void sum(int64_t outer, int64_t n, int64_t inner, const T* x, T* y);

}  // namespace gradus::kernels
