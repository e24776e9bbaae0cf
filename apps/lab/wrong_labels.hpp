// Labels as careless people write them.
#pragma once

#include "core/random.hpp"
#include "core/tensor.hpp"

namespace gradus::lab {

/// Gives a random part of the labels (0 … classes−1), in place, each another one of the classes.
inline void spoil(Tensor& labels, double part, int64_t classes, Rng& rng) {
  int64_t* label = labels.mutable_data<int64_t>();
  for (int64_t i = 0; i < labels.numel(); ++i)
    if (rng.uniform() < part) label[i] = (label[i] + 1 + rng.below(classes - 1)) % classes;
}

}  // namespace gradus::lab
