// Slice, Index: which elements of a dimension are meant, as in x(0, Slice{1, 3}).
#pragma once

#include <concepts>
#include <optional>
#include <variant>

#include "core/shape.hpp"

namespace gradus {

/// Elements start, start + step, … before stop of a dimension; negative numbers count from the end.
/// `Slice{}` is all of them, `Slice{2}` all but the first two, `Slice{.stop = -1}` all but the
/// last.
struct Slice {
  std::optional<int64_t> start = {};  ///< the first element; empty: 0
  std::optional<int64_t> stop = {};   ///< after the last one; empty: the extent
  int64_t step = 1;                   ///< 1 or more
};

/// One element of a dimension, which the result then lacks, or a Slice of it.
class Index {
 public:
  /// Element `at`; negative counts from the end.
  template <std::integral Integer>
  Index(Integer at) : place_(static_cast<int64_t>(at)) {}
  /// Some of the elements.
  Index(Slice slice) : place_(slice) {}

  /// The number, or null.
  const int64_t* number() const { return std::get_if<int64_t>(&place_); }
  /// The slice, or null.
  const Slice* slice() const { return std::get_if<Slice>(&place_); }

 private:
  std::variant<int64_t, Slice> place_;
};

}  // namespace gradus
