// Scale: multiplies by a constant.
#pragma once

#include <cmath>

#include "core/ops/elementwise.hpp"
#include "layers/module.hpp"

namespace gradus::layers {

/// x → factor·x, with a factor that isn't trained: 1/T divides logits by a temperature T.
class Scale : public Layer<Scale> {
 public:
  /// Throws std::invalid_argument unless the factor is finite.
  explicit Scale(double factor) : factor_(factor) {
    require(std::isfinite(factor), "scale", "the factor must be finite, got {}", factor);
  }

  Tensor forward(const Tensor& x) override { return x * factor_; }
  std::string description() const override { return fmt::format("Scale({:g})", factor_); }

 private:
  double factor_;
};

}  // namespace gradus::layers
