// Shape: the extents of a tensor, row-major.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <vector>

#include "core/error.hpp"

namespace gradus {

/// Up to eight extents, stored without allocation. A scalar has rank 0.
class Shape {
 public:
  static constexpr int max_rank = 8;  ///< the largest rank of a tensor

  Shape() = default;
  /// Throws std::invalid_argument for more than eight dimensions, a negative extent, or a number
  /// of elements beyond 2^60.
  Shape(std::initializer_list<int64_t> extents)
      : Shape(std::span(extents.begin(), extents.size())) {}
  /// The same from a span.
  explicit Shape(std::span<const int64_t> extents);

  /// The number of dimensions.
  int rank() const { return rank_; }
  /// The number of elements; 1 for a scalar.
  int64_t numel() const;
  /// Dimension `dim`; negative counts from the end. Throws std::invalid_argument out of range.
  int64_t operator[](int dim) const { return extents_[index(dim)]; }
  /// The first extent: `for (int64_t extent : shape)` visits all.
  const int64_t* begin() const { return extents_.data(); }
  /// One past the last extent.
  const int64_t* end() const { return extents_.data() + rank_; }

  /// A copy with dimension `dim` changed to `extent`.
  Shape with(int dim, int64_t extent) const;
  /// A copy without dimension `dim`.
  Shape without(int dim) const;
  /// A copy with `extent` inserted before dimension `dim` (`dim` may be rank()).
  Shape inserted(int dim, int64_t extent) const;
  /// `dim` counted from the front, 0 … rank()-1. Throws std::invalid_argument of `operation` if it
  /// is out of range.
  int index(int dim, std::string_view operation = "shape") const;

  /// Whether ranks and all extents are equal.
  bool operator==(const Shape& other) const;

 private:
  int rank_ = 0;
  std::array<int64_t, max_rank> extents_{};
};

/// Dimensions by number, one or several in braces; negative ones count from the end.
struct Dims : std::vector<int> {
  using std::vector<int>::vector;
  /// A single one.
  Dims(int dim) : std::vector<int>{dim} {}
};

/// "(8, 3, 28, 28)", the form of all messages.
std::string to_string(const Shape& shape);

/// The strides of a row-major tensor, in elements.
std::array<int64_t, Shape::max_rank> strides_of(const Shape& shape);

/// A shape seen as (outer, extent, inner): dimension `dim`, with the dimensions before and after it
/// merged.
struct Axis {
  /// `dim` may be negative. Throws std::invalid_argument out of range.
  Axis(const Shape& shape, int dim);
  int64_t outer = 1;  ///< the product of the extents before `dim`
  int64_t extent;     ///< the extent of `dim`
  int64_t inner = 1;  ///< the product of the extents after `dim`
};

/// The shape that `a` and `b` broadcast to: aligned at the last dimension, each pair of extents
/// equal or one of them 1. Throws std::invalid_argument of `operation` otherwise.
Shape broadcast(std::string_view operation, const Shape& a, const Shape& b);

}  // namespace gradus

/// @cond
template <>
struct fmt::formatter<gradus::Shape> {
  constexpr auto parse(format_parse_context& context) { return context.begin(); }
  format_context::iterator format(const gradus::Shape& shape, format_context& context) const;
};
/// @endcond
