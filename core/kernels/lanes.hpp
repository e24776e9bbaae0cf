// Rows several values at a time: sums in an order that no processor changes, and short lines.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace gradus::kernels {

inline constexpr int64_t lanes = 16;

/// Values side by side.
template <class T, int64_t size>
using Group __attribute__((vector_size(size * sizeof(T)))) = T;

/// Partial sums. A type of its own: of loops over an array of them GCC makes shuffles.
template <class T>
using Lanes = Group<T, lanes>;

/// The sum of all lanes, halves added to halves.
template <class T>
T fold(const Lanes<T>& sums) {
  Lanes<T> rest = sums;
  for (int64_t half = lanes / 2; half > 0; half /= 2)
    for (int64_t lane = 0; lane < half; ++lane) rest[lane] += rest[lane + half];
  return rest[0];
}

/// body(first, size) for groups that cover 0 … n − 1, n ≥ 4. Their size, known to the compiler, is
/// `largest`, 8 or 4, the first that fits; the last group overlaps the one before it.
template <int64_t largest, class Body>
[[gnu::always_inline]] inline void for_groups(int64_t n, Body body) {
  if constexpr (largest > 4)
    if (n < largest) return for_groups<largest / 2>(n, body);
  constexpr std::integral_constant<int64_t, largest> size;
  for (int64_t first = 0; first + largest <= n; first += largest) body(first, size);
  if (n % largest) body(n - largest, size);
}

/// to[0, count) = from[0, count): lines too short for a call.
template <class T>
[[gnu::always_inline]] inline void copy_line(const T* from, int64_t count, T* to) {
  if (count < 4)
    for (int64_t j = 0; j < count; ++j) to[j] = from[j];
  else
    for_groups<16>(count, [&](int64_t first, auto size) {
      std::memcpy(to + first, from + first, size * sizeof(T));
    });
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
