// From images to vectors.
#pragma once

#include "core/ops/shape.hpp"
#include "layers/module.hpp"

namespace gradus::layers {

/// (N, …) → (N, the product of the rest), without copying.
class Flatten : public Layer<Flatten> {
 public:
  Tensor forward(const Tensor& x) override {
    require(x.rank() >= 1, "flatten", "needs a batch dimension, got a scalar");
    return reshape(x, Shape{x.size(0), x.shape().without(0).numel()});
  }
  std::string description() const override { return "Flatten()"; }
};

}  // namespace gradus::layers
