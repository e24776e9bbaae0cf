// Broadcast: the loops over two operands of which one may repeat along a dimension.
#pragma once

#include "core/shape.hpp"

namespace gradus::kernels {

/// Two operands aligned to their common shape, neighbouring dimensions merged where both allow it:
/// the fewest and longest loops.
struct Broadcast {
  /// Throws std::invalid_argument naming `operation` when the shapes don't broadcast.
  Broadcast(std::string_view operation, const Shape& a, const Shape& b);

  Shape shape;
  int64_t rows = 1, columns = 1;   ///< outer elements, and those of the innermost loop
  int64_t step_a = 1, step_b = 1;  ///< of the innermost loop: 1, or 0 where the operand repeats

  /// The offsets at which a row starts.
  std::pair<int64_t, int64_t> offsets(int64_t row) const;

 private:
  int outer_ = 0;
  std::array<int64_t, Shape::max_rank> extent_{}, stride_a_{}, stride_b_{};
};

}  // namespace gradus::kernels
