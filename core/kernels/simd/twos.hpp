// Windows two pixels wide, a vector of them at a time.
#pragma once

#include <utility>

#include "core/kernels/simd/lanes.hpp"

namespace gradus::kernels {

/// The left pixels of the windows that begin at `from`, and the right ones.
template <class T, std::size_t... i>
[[gnu::always_inline]] inline std::pair<LaneGroup<T, sizeof...(i)>, LaneGroup<T, sizeof...(i)>>
load_in_twos(const T* from, std::index_sequence<i...>) {
  LaneGroup<T, sizeof...(i)> left, right;
  std::memcpy(&left, from, sizeof left);
  std::memcpy(&right, from + sizeof...(i), sizeof right);
  return {__builtin_shufflevector(left, right, 2 * i...),
          __builtin_shufflevector(left, right, 2 * i + 1 ...)};
}

/// Its inverse.
template <class T, class Values, std::size_t... i>
[[gnu::always_inline]] inline void store_in_twos(Values evens, Values odds, T* to,
                                                 std::index_sequence<i...>) {
  constexpr std::size_t size = sizeof...(i);
  const auto left = __builtin_shufflevector(evens, odds, i / 2 + i % 2 * size...),
             right = __builtin_shufflevector(evens, odds, size / 2 + i / 2 + i % 2 * size...);
  std::memcpy(to, &left, sizeof left);
  std::memcpy(to + size, &right, sizeof right);
}

/// The places of the left pixels of the windows whose first has it at `first`.
template <std::size_t... i>
[[gnu::always_inline]] inline auto places_in_twos(int64_t first, std::index_sequence<i...>) {
  constexpr LaneGroup<int32_t, sizeof...(i)> steps = {2 * i...};
  return steps + static_cast<int32_t>(first);
}

/// Where a window's later pixel is its maximum so far. A NaN wins, as in PyTorch.
template <class Values>
[[gnu::always_inline]] inline auto wins_over(Values later, Values earlier) {
  return (later > earlier) | (later != later);
}

}  // namespace gradus::kernels
