// load_even_odd, store_even_odd, interleave: read and write rows as pairs of neighbouring pixels,
// in vectors.
#pragma once

#include <utility>

#include "core/kernels/simd/lanes.hpp"

namespace gradus::kernels {

/// The even elements of a row that begins at `from`, and the odd ones.
template <class T, std::size_t... i>
[[gnu::always_inline]] inline std::pair<LaneGroup<T, sizeof...(i)>, LaneGroup<T, sizeof...(i)>>
load_even_odd(const T* from, std::index_sequence<i...>) {
  LaneGroup<T, sizeof...(i)> left, right;
  std::memcpy(&left, from, sizeof left);
  std::memcpy(&right, from + sizeof...(i), sizeof right);
  return {__builtin_shufflevector(left, right, 2 * i...),
          __builtin_shufflevector(left, right, 2 * i + 1 ...)};
}

/// Writes the even elements of two neighbouring vectors, and the odd ones.
template <class T, class Values, std::size_t... i>
[[gnu::always_inline]] inline void store_even_odd(Values left, Values right, T* evens, T* odds,
                                                  std::index_sequence<i...>) {
  const Values even = __builtin_shufflevector(left, right, 2 * i...),
               odd = __builtin_shufflevector(left, right, 2 * i + 1 ...);
  std::memcpy(evens, &even, sizeof even);
  std::memcpy(odds, &odd, sizeof odd);
}

/// Writes the even and the odd elements interleaved to a row: the inverse of load_even_odd.
template <class T, class Values, std::size_t... i>
[[gnu::always_inline]] inline void interleave(Values evens, Values odds, T* to,
                                              std::index_sequence<i...>) {
  constexpr std::size_t size = sizeof...(i);
  const auto left = __builtin_shufflevector(evens, odds, i / 2 + i % 2 * size...),
             right = __builtin_shufflevector(evens, odds, size / 2 + i / 2 + i % 2 * size...);
  std::memcpy(to, &left, sizeof left);
  std::memcpy(to + size, &right, sizeof right);
}

/// The indices first, first + 2, first + 4, … of the even elements.
template <std::size_t... i>
[[gnu::always_inline]] inline auto even_places(int64_t first, std::index_sequence<i...>) {
  constexpr LaneGroup<int32_t, sizeof...(i)> steps = {2 * i...};
  return steps + static_cast<int32_t>(first);
}

/// Where `later` replaces `earlier` as the maximum. A NaN wins, as in PyTorch.
template <class Values>
[[gnu::always_inline]] inline auto wins_over(Values later, Values earlier) {
  return (later > earlier) | (later != later);
}

}  // namespace gradus::kernels
