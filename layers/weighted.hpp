// What dense layers and convolutions have in common.
#pragma once

#include "layers/module.hpp"

namespace gradus::layers {

/// A layer that multiplies by a weight and adds a bias: what initializers draw.
class Weighted : public Module {
 public:
  Parameter weight;
  Parameter bias;  ///< undefined where the layer goes without it

  void members(Members& members) override {
    members.parameter("weight", weight);
    members.parameter("bias", bias);
  }
  int64_t flops(const Shape& /*input*/, const Shape& output) const override {
    return 2 * output.numel() * (weight.numel() / weight.size(0));
  }

 protected:
  /// Draws PyTorch's default: weight, then bias, uniform within ±1/√fan_in.
  Weighted(const Shape& weight_shape, int64_t outputs, bool with_bias, Rng& rng);
};

}  // namespace gradus::layers
