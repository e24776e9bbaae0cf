// Broadcast: the loops over two operands that broadcast to a common shape.
#pragma once

#include "core/shape.hpp"

namespace gradus::kernels {

/// Two operands aligned to their common shape. Neighbouring dimensions are merged if both operands
/// allow it, for the fewest and longest loops.
struct Broadcast {
  /// Throws std::invalid_argument of `operation` if the shapes don't broadcast.
  Broadcast(std::string_view operation, const Shape& a, const Shape& b);

  Shape shape;
  int64_t rows = 1, columns = 1;   ///< iterations of the outer and of the innermost loop
  int64_t step_a = 1, step_b = 1;  ///< steps of the innermost loop: 1, or 0 if the operand repeats

  /// The offsets of the start of a row in both operands.
  std::pair<int64_t, int64_t> offsets(int64_t row) const;

 private:
  int outer_ = 0;
  std::array<int64_t, Shape::max_rank> extent_{}, stride_a_{}, stride_b_{};
};

}  // namespace gradus::kernels
