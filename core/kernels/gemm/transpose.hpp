// transpose: transposes matrices.
#pragma once

#include <cstdint>

namespace gradus::kernels {

/// to[j, i] = from[i, j]; from (rows, columns), with the distances between rows
template <class T>
void transpose(int64_t rows, int64_t columns, const T* from, int64_t from_stride, T* to,
               int64_t to_stride);

}  // namespace gradus::kernels
