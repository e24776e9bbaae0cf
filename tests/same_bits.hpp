// same_bits: whether tensors are equal bit by bit.
#pragma once

#include <algorithm>
#include <cstring>

#include "core/tensor.hpp"

namespace gradus::testing {

// Undefined tensors are equal, and so are all NaN.
inline bool same_bits(const Tensor& a, const Tensor& b) {
  if (a.defined() != b.defined()) return false;
  if (!a.defined()) return true;
  return a.shape() == b.shape() && dispatch(a.dtype(), [&]<class T>(T) {
           return std::equal(a.data<T>(), a.data<T>() + a.numel(), b.data<T>(), [](T u, T v) {
             return std::memcmp(&u, &v, sizeof u) == 0 || (u != u && v != v);
           });
         });
}

inline bool same_bits(const Tensors& a, const Tensors& b) {
  bool same = a.size() == b.size();
  for (std::size_t i = 0; same && i < a.size(); ++i) same = same_bits(a[i], b[i]);
  return same;
}

}  // namespace gradus::testing
