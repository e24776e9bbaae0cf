// fma, splat: arithmetic with the same bits on every processor and by every compiler.
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

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
[[gnu::always_inline]] inline V fma(V a, V b, V c, std::index_sequence<i...>) {
  return V{fma(a[i], b[i], c[i])...};
}
/// The same for each element of SIMD vectors. Compilers make one instruction of it.
template <class V>
requires(!std::is_floating_point_v<V>) [[gnu::always_inline]] inline V fma(V a, V b, V c) {
  return fma(a, b, c, Places<V>());
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
