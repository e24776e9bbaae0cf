// numbered: a data set whose samples contain their indices.
#pragma once

#include <numeric>

#include "data/dataset.hpp"

namespace gradus::data {

/// n samples; sample i has the feature i.
inline Dataset numbered(int64_t n) {
  std::vector<float> values(static_cast<std::size_t>(n));
  std::iota(values.begin(), values.end(), 0.f);
  return Dataset::of_features(values, 1, std::vector<int64_t>(values.size(), 0), 1);
}

}  // namespace gradus::data
