// Sums of long rows, 16 values at a time, in an order that no processor changes.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

namespace gradus::kernels {

inline constexpr int64_t lanes = 16;

/// Partial sums side by side. A type of its own: of loops over an array of them GCC makes shuffles.
template <class T>
using Lanes __attribute__((vector_size(lanes * sizeof(T)))) = T;

/// The sum of all lanes, halves added to halves.
template <class T>
T fold(const Lanes<T>& sums) {
  Lanes<T> rest = sums;
  for (int64_t half = lanes / 2; half > 0; half /= 2)
    for (int64_t lane = 0; lane < half; ++lane) rest[lane] += rest[lane + half];
  return rest[0];
}

/// The last n mod lanes values of x (n), made up to a whole group of lanes by `filler`.
template <class T>
std::array<T, lanes> tail(int64_t n, const T* x, T filler) {
  std::array<T, lanes> result;
  result.fill(filler);
  std::copy(x + n / lanes * lanes, x + n, result.begin());
  return result;
}

}  // namespace gradus::kernels
