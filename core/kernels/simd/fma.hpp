// fma, splat: arithmetic with the same bits on every processor and by every compiler.
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#if defined(__FMA__)
#include <immintrin.h>
#endif

namespace gradus::kernels {

/// a·b + c, rounded once. The compiler never contracts a product and a sum by itself
/// (-ffp-contract=off): whether it could would depend on the processor and the optimization.
template <class T>
requires std::is_floating_point_v<T>
[[gnu::always_inline]] inline T fma(T a, T b, T c) {
  if constexpr (sizeof(T) == 4)
    return __builtin_fmaf(a, b, c);
  else
    return __builtin_fma(a, b, c);
}

template <class V>
using Element = std::remove_cvref_t<decltype(std::declval<V>()[0])>;
/// The places of a SIMD vector.
template <class V>
using Places = std::make_index_sequence<sizeof(V) / sizeof(Element<V>)>;

template <class V, std::size_t... i>
[[gnu::always_inline]] inline V fma_each(V a, V b, V c, std::index_sequence<i...>) {
  return V{fma(a[i], b[i], c[i])...};
}
/// The same for each element of SIMD vectors. With optimization compilers make one instruction of
/// fma_each() too, but it takes them time, and sanitized programs have little optimization.
template <class V>
requires(!std::is_floating_point_v<V>) [[gnu::always_inline]] inline V fma(V a, V b, V c) {
  [[maybe_unused]] constexpr bool single = std::is_same_v<Element<V>, float>;
  [[maybe_unused]] constexpr std::size_t bytes = sizeof(V);
#if defined(__FMA__)
  if constexpr (bytes == 16 && single) return _mm_fmadd_ps(a, b, c);
  if constexpr (bytes == 16 && !single) return _mm_fmadd_pd(a, b, c);
  if constexpr (bytes == 32 && single) return _mm256_fmadd_ps(a, b, c);
  if constexpr (bytes == 32 && !single) return _mm256_fmadd_pd(a, b, c);
#endif
#if defined(__AVX512F__)
  if constexpr (bytes == 64 && single) return _mm512_fmadd_ps(a, b, c);
  if constexpr (bytes == 64 && !single) return _mm512_fmadd_pd(a, b, c);
#endif
  return fma_each(a, b, c, Places<V>());
}

template <class V, std::size_t... i>
[[gnu::always_inline]] inline V splat(Element<V> value, std::index_sequence<i...>) {
  return V{(static_cast<void>(i), value)...};
}
/// A SIMD vector of equal elements.
template <class V>
[[gnu::always_inline]] inline V splat(Element<V> value) {
  return splat<V>(value, Places<V>());
}

}  // namespace gradus::kernels
