// Lanes, LaneGroup: process rows in vectors, with sums in the same order on every processor.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "core/kernels/simd/fma.hpp"

namespace gradus::kernels {

inline constexpr int64_t lanes = 16;

/// A SIMD vector. A function that takes or returns one by value must always be inlined: the
/// registers for it differ between processors, and a kernel's version for one processor must not
/// call code compiled for another.
template <class T, int64_t size>
using LaneGroup __attribute__((vector_size(size * sizeof(T)))) = T;

/// The sum of a vector's elements, halves added to halves.
template <class T, int64_t size>
[[gnu::always_inline]] inline T total(LaneGroup<T, size> v) {
  if constexpr (size == 1) {
    return v[0];
  } else {
    LaneGroup<T, size / 2> halves[2];
    std::memcpy(halves, &v, sizeof v);
    return total<T, size / 2>(halves[0] + halves[1]);
  }
}

/// Sixteen values, or partial sums, in vectors that fit the registers of AVX2. GCC would keep wider
/// vectors in memory there, and would compile loops over a plain array to shuffles.
template <class T>
struct Lanes {
  static constexpr int64_t part_size = 32 / sizeof(T), parts = lanes / part_size;
  LaneGroup<T, part_size> part[parts] = {};

  /// The values of sixteen elements, which may be of a narrower type.
  template <class From>
  [[gnu::always_inline]] static Lanes load(const From* from) {
    Lanes result;
#pragma GCC unroll 4
    for (int64_t i = 0; i < parts; ++i) {
      LaneGroup<From, part_size> values;
      std::memcpy(&values, from + i * part_size, sizeof values);
      result.part[i] = __builtin_convertvector(values, LaneGroup<T, part_size>);
    }
    return result;
  }
  [[gnu::always_inline]] void store(T* to) const {
#pragma GCC unroll 4
    for (int64_t i = 0; i < parts; ++i) std::memcpy(to + i * part_size, &part[i], sizeof part[i]);
  }

  [[gnu::always_inline]] friend Lanes operator+(Lanes a, const Lanes& b) {
    return a.each(b, [](auto& u, const auto& v) { u += v; });
  }
  [[gnu::always_inline]] friend Lanes operator-(Lanes a, const Lanes& b) {
    return a.each(b, [](auto& u, const auto& v) { u -= v; });
  }
  [[gnu::always_inline]] friend Lanes operator*(Lanes a, const Lanes& b) {
    return a.each(b, [](auto& u, const auto& v) { u *= v; });
  }
  /// a·b + c, rounded once
  [[gnu::always_inline]] friend Lanes fma(const Lanes& a, const Lanes& b, Lanes c) {
#pragma GCC unroll 4
    for (int64_t i = 0; i < parts; ++i) c.part[i] = fma(a.part[i], b.part[i], c.part[i]);
    return c;
  }
  [[gnu::always_inline]] Lanes& operator+=(const Lanes& b) {
    return *this = *this + b;
  }

  [[gnu::always_inline]] static Lanes all(T value) {
    Lanes result;
    for (auto& p : result.part) p += value;
    return result;
  }

  /// The sum of all lanes, halves added to halves.
  T sum() const {
    Lanes rest = *this;
    for (int64_t half = parts / 2; half > 0; half /= 2)
      for (int64_t i = 0; i < half; ++i) rest.part[i] += rest.part[i + half];
    return total<T, part_size>(rest.part[0]);
  }

 private:
  template <class F>
  [[gnu::always_inline]] Lanes& each(const Lanes& b, F f) {
#pragma GCC unroll 4
    for (int64_t i = 0; i < parts; ++i) f(part[i], b.part[i]);
    return *this;
  }
};

/// body(first, size) for groups that cover 0 … n − 1, n ≥ 4. Their size is a compile-time constant,
/// `largest`, 8 or 4, the first that fits; the last group may overlap the one before it.
template <int64_t largest, class Body>
[[gnu::always_inline]] inline void for_groups(int64_t n, Body body) {
  if constexpr (largest > 4)
    if (n < largest) return for_groups<largest / 2>(n, body);
  constexpr std::integral_constant<int64_t, largest> size;
  for (int64_t first = 0; first + largest <= n; first += largest) body(first, size);
  if (n % largest) body(n - largest, size);
}

/// to[0, count) = from[0, count), for lines so short that a function call would cost too much.
template <class T>
[[gnu::always_inline]] inline void copy_line(const T* from, int64_t count, T* to) {
  if (count < 4)
    for (int64_t j = 0; j < count; ++j) to[j] = from[j];
  else
    for_groups<16>(count, [&](int64_t first, auto size) {
      std::memcpy(to + first, from + first, size * sizeof(T));
    });
}

/// The last n mod lanes values of x (n), padded to a whole group of lanes with `filler`.
template <class T>
std::array<T, lanes> tail(int64_t n, const T* x, T filler) {
  std::array<T, lanes> result;
  result.fill(filler);
  std::copy(x + n / lanes * lanes, x + n, result.begin());
  return result;
}

/// Σ x, in lanes; n elements
template <class T>
[[gnu::always_inline]] inline T sum_of(int64_t n, const T* x) {
  const std::array<T, lanes> last = tail(n, x, T{0});
  Lanes<T> sums;
  for (int64_t i = 0; i < n; i += lanes)
    sums += Lanes<T>::load(i + lanes <= n ? x + i : last.data());
  return sums.sum();
}

/// max x, in lanes; n ≥ 1 elements
template <class T>
[[gnu::always_inline]] inline T largest_of(int64_t n, const T* x) {
  std::array<T, lanes> best = tail(n, x, x[0]);
  for (int64_t i = 0; i + lanes <= n; i += lanes)
    for (int64_t lane = 0; lane < lanes; ++lane)
      best[lane] = x[i + lane] > best[lane] ? x[i + lane] : best[lane];
  return *std::max_element(best.begin(), best.end());
}

}  // namespace gradus::kernels
