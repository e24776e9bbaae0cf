// Rows of a table.
#pragma once

#include "core/tensor.hpp"

namespace gradus {

/// Rows `index` (i64, of any shape) of `weight` (rows, width) → (…, width). Throws
/// std::invalid_argument naming an index out of range.
Tensor embedding(const Tensor& index, const Tensor& weight);

}  // namespace gradus
