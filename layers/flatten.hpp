// Flatten: turns images into vectors.
#pragma once

#include "core/ops/shape.hpp"
#include "layers/module.hpp"

namespace gradus::layers {

/// (N, …) → (N, product of the other extents), without copying.
class Flatten : public Layer<Flatten> {
 public:
  Tensor forward(const Tensor& x) override {
    require(x.rank() >= 1, "flatten", "the input must have a batch dimension, got a scalar");
    return reshape(x, Shape{x.size(0), x.shape().without(0).numel()});
  }
  std::string description() const override { return "Flatten()"; }
};

}  // namespace gradus::layers
