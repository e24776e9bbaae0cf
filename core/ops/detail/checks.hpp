// check_like, check_eps, leading, add_to, data_or_null: what several operations do with their
// inputs.
#pragma once

#include "core/tensor.hpp"

namespace gradus::detail {

/// Throws std::invalid_argument if `tensor` is defined and doesn't have `shape` and the type of the
/// input x.
void check_like(std::string_view operation, std::string_view name, const Tensor& tensor,
                const Shape& shape, const Tensor& x);

/// Throws std::invalid_argument unless `eps` is positive and finite.
void check_eps(std::string_view operation, double eps);

/// The extents before the last two: those of a batch of matrices.
Shape leading(const Shape& shape);

/// sum += x; of i64 modulo 2⁶⁴, since C++ leaves an overflow undefined.
template <class T>
void add_to(T& sum, T x) {
  if constexpr (std::is_integral_v<T>)
    sum = static_cast<T>(static_cast<uint64_t>(sum) + static_cast<uint64_t>(x));
  else
    sum += x;
}

/// The tensor's elements; null for an undefined tensor.
template <class T>
const T* data_or_null(const Tensor& tensor) {
  return tensor.defined() ? tensor.data<T>() : nullptr;
}

}  // namespace gradus::detail
