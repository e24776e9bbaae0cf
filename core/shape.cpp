#include "core/shape.hpp"

#include <algorithm>

#include <fmt/ranges.h>

namespace gradus {

Shape::Shape(std::span<const int64_t> extents) : rank_(static_cast<int>(extents.size())) {
  require(extents.size() <= max_rank, "shape", "a shape must have at most {} dimensions, got {}",
          max_rank, extents.size());
  constexpr int64_t limit = int64_t{1} << 60;
  int64_t product = 1;
  for (int64_t extent : extents) {
    require(extent >= 0, "shape", "extents must be 0 or more, got ({})", fmt::join(extents, ", "));
    require(extent == 0 || product <= limit / extent, "shape",
            "a shape must have at most 2^60 elements, got ({})", fmt::join(extents, ", "));
    product *= std::max<int64_t>(extent, 1);
  }
  std::ranges::copy(extents, extents_.begin());
}

int64_t Shape::numel() const {
  int64_t product = 1;
  for (int64_t extent : *this) product *= extent;
  return product;
}

int Shape::index(int dim, std::string_view operation) const {
  require(dim >= -rank_ && dim < rank_, operation, "dimension {} is out of range for shape {}", dim,
          *this);
  return dim < 0 ? dim + rank_ : dim;
}

Shape Shape::with(int dim, int64_t extent) const {
  Shape result = *this;
  result.extents_[index(dim)] = extent;
  return result;
}

Shape Shape::without(int dim) const {
  Shape result = *this;
  std::copy(begin() + index(dim) + 1, end(), result.extents_.begin() + index(dim));
  result.extents_[--result.rank_] = 0;
  return result;
}

Shape Shape::inserted(int dim, int64_t extent) const {
  require(rank_ < max_rank, "shape", "a shape must have at most {} dimensions, got {}", max_rank,
          rank_ + 1);
  const int at = dim == rank_ ? rank_ : index(dim);
  Shape result = *this;
  std::copy(begin() + at, end(), result.extents_.begin() + at + 1);
  result.extents_[at] = extent;
  ++result.rank_;
  return result;
}

bool Shape::operator==(const Shape& other) const {
  return std::ranges::equal(*this, other);
}

std::string to_string(const Shape& shape) {
  return fmt::format("({})", fmt::join(shape.begin(), shape.end(), ", "));
}

std::array<int64_t, Shape::max_rank> strides_of(const Shape& shape) {
  std::array<int64_t, Shape::max_rank> strides{};
  int64_t stride = 1;
  for (int dim = shape.rank() - 1; dim >= 0; --dim) {
    strides[dim] = stride;
    stride *= shape[dim];
  }
  return strides;
}

Axis::Axis(const Shape& shape, int dim) : extent(shape[dim]) {
  for (int i = 0; i < shape.rank(); ++i)
    if (i != shape.index(dim)) (i < shape.index(dim) ? outer : inner) *= shape[i];
}

Shape broadcast(std::string_view operation, const Shape& a, const Shape& b) {
  const Shape& longer = a.rank() >= b.rank() ? a : b;
  const Shape& shorter = a.rank() >= b.rank() ? b : a;
  Shape result = longer;
  for (int dim = 1; dim <= shorter.rank(); ++dim) {
    const int64_t x = longer[-dim], y = shorter[-dim];
    require(x == y || x == 1 || y == 1, operation,
            "shapes {} and {} don't broadcast: {} against {}", a, b, a[-dim], b[-dim]);
    result = result.with(-dim, x == 1 ? y : x);
  }
  return result;
}

}  // namespace gradus

fmt::format_context::iterator fmt::formatter<gradus::Shape>::format(const gradus::Shape& shape,
                                                                    format_context& context) const {
  const std::string text = to_string(shape);
  return std::ranges::copy(text, context.out()).out;
}
