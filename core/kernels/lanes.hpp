// Rows several values at a time: sums in an order that no processor changes, and short lines.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <type_traits>

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

/// body(first, size) for groups that cover 0 … n − 1. Their size, known to the compiler, is
/// `largest` or 4 or 1, the first that fits; the last group overlaps the one before it.
template <int64_t largest, class Body>
[[gnu::always_inline]] inline void for_groups(int64_t n, Body body) {
  const auto of = [&]<int64_t size>(std::integral_constant<int64_t, size> constant) {
    for (int64_t first = 0; first + size <= n; first += size) body(first, constant);
    if (n % size) body(n - size, constant);
  };
  if (n >= largest)
    of(std::integral_constant<int64_t, largest>());
  else if (n >= 4)
    of(std::integral_constant<int64_t, 4>());
  else
    of(std::integral_constant<int64_t, 1>());
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
