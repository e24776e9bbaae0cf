// transpose: transposes matrices.
#pragma once

#include <cstdint>

namespace gradus::kernels {

/// to[j, i] = from[i, j]; from (rows, columns), with the distances between rows
template <class T>
void transpose(int64_t rows, int64_t columns, const T* from, int64_t from_stride, T* to,
               int64_t to_stride);

/// The same with the rows j of `to` in a section for each partial sum of a product (tile.hpp):
/// first those whose j is a multiple of `partial_sums`, then those with the remainder 1, and so on.
/// Each section has columns/partial_sums rows, rounded up.
template <class T>
void transpose_in_sections(int64_t rows, int64_t columns, const T* from, int64_t from_stride, T* to,
                           int64_t to_stride);

}  // namespace gradus::kernels
