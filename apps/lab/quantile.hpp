// What lies below which value.
#pragma once

#include <algorithm>

#include "core/ops/elementwise.hpp"

namespace gradus::lab {

/// The element of x below which `part` of them lie, 0 … 1: its median for ½.
inline double quantile(const Tensor& x, double part) {
  std::vector<double> values = cast(x, DType::f64).to_vector<double>();
  const auto last = static_cast<double>(values.size() - 1);
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(part * last);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

}  // namespace gradus::lab
