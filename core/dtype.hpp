// DType: the type of a tensor's elements.
#pragma once

#include <cstdint>

#include "core/error.hpp"

namespace gradus {

/// f32 for training, f64 for gradient checks, i64 for labels and indices, boolean for masks.
enum class DType : uint8_t { f32, f64, i64, boolean };

/// "f32", "f64", "i64" or "bool".
constexpr std::string_view to_string(DType dtype) {
  constexpr std::string_view names[] = {"f32", "f64", "i64", "bool"};
  return names[static_cast<int>(dtype)];
}

/// The size of an element in bytes: 4, 8, 8 or 1.
constexpr int64_t size_of(DType dtype) {
  return dtype == DType::f32 ? 4 : dtype == DType::boolean ? 1 : 8;
}

/// Whether the elements are f32 or f64. Only these can have gradients.
constexpr bool is_floating(DType dtype) {
  return dtype == DType::f32 || dtype == DType::f64;
}

/// The DType of float (f32), double (f64), int64_t (i64) or bool.
template <class T>
constexpr DType dtype_of = [] {
  static_assert(sizeof(T) == 0, "a tensor holds float, double, int64_t or bool");
  return DType::f32;
}();
/// @cond
template <>
inline constexpr DType dtype_of<float> = DType::f32;
template <>
inline constexpr DType dtype_of<double> = DType::f64;
template <>
inline constexpr DType dtype_of<int64_t> = DType::i64;
template <>
inline constexpr DType dtype_of<bool> = DType::boolean;
/// @endcond

/// Calls `body(T{})` with the C++ type of a floating `dtype`. Throws std::invalid_argument naming
/// `operation` for others.
template <class Body>
decltype(auto) dispatch_floating(std::string_view operation, DType dtype, Body&& body) {
  require(is_floating(dtype), operation, "needs f32 or f64, got {}", to_string(dtype));
  return dtype == DType::f32 ? body(float{}) : body(double{});
}

/// The same for f32, f64 and i64.
template <class Body>
decltype(auto) dispatch_numbers(std::string_view operation, DType dtype, Body&& body) {
  require(dtype != DType::boolean, operation, "needs f32, f64 or i64, got bool");
  if (dtype == DType::i64) return body(int64_t{});
  return dtype == DType::f32 ? body(float{}) : body(double{});
}

/// Calls `body(T{})` with the C++ type of any `dtype`.
template <class Body>
decltype(auto) dispatch(DType dtype, Body&& body) {
  switch (dtype) {
    case DType::f32:
      return body(float{});
    case DType::f64:
      return body(double{});
    case DType::i64:
      return body(int64_t{});
    case DType::boolean:
      break;
  }
  return body(bool{});
}

}  // namespace gradus
