// DType: the type of a tensor's elements.
#pragma once

#include <cstdint>

#include "core/error.hpp"

namespace gradus {

/// f32 for training, f64 for gradient checks, i64 for labels and indices.
enum class DType : uint8_t { f32, f64, i64 };

/// "f32", "f64" or "i64".
constexpr std::string_view to_string(DType dtype) {
  return dtype == DType::f32 ? "f32" : dtype == DType::f64 ? "f64" : "i64";
}

/// The size of an element in bytes: 4 or 8.
constexpr int64_t size_of(DType dtype) {
  return dtype == DType::f32 ? 4 : 8;
}

/// Whether the elements are f32 or f64. Only these can have gradients.
constexpr bool is_floating(DType dtype) {
  return dtype != DType::i64;
}

/// The DType of float, double or int64_t.
template <class T>
constexpr DType dtype_of = [] {
  static_assert(sizeof(T) == 0, "a tensor holds float, double or int64_t");
  return DType::f32;
}();
/// float is f32.
template <>
inline constexpr DType dtype_of<float> = DType::f32;
/// double is f64.
template <>
inline constexpr DType dtype_of<double> = DType::f64;
/// int64_t is i64.
template <>
inline constexpr DType dtype_of<int64_t> = DType::i64;

/// Calls `body(T{})` with the C++ type of a floating `dtype`. Throws std::invalid_argument naming
/// `operation` for i64.
template <class Body>
decltype(auto) dispatch_floating(std::string_view operation, DType dtype, Body&& body) {
  require(is_floating(dtype), operation, "needs f32 or f64, got {}", to_string(dtype));
  return dtype == DType::f32 ? body(float{}) : body(double{});
}

/// Calls `body(T{})` with the C++ type of any `dtype`.
template <class Body>
decltype(auto) dispatch(DType dtype, Body&& body) {
  if (dtype == DType::i64) return body(int64_t{});
  return dtype == DType::f32 ? body(float{}) : body(double{});
}

}  // namespace gradus
