// Dense: the fully connected layer.
#pragma once

#include "layers/weighted.hpp"

namespace gradus::layers {

/// Options of Dense.
struct DenseOptions {
  bool bias = true;  ///< adds a learned bias to each output
};

/// Fully connected layer, x·weightᵀ + bias: (…, in) → (…, out), weight (out, in), bias (out);
/// Linear in PyTorch. Throws std::invalid_argument unless in and out are positive.
class Dense : public Layer<Dense, Weighted> {
 public:
  /// Draws weight and bias from `rng`, uniform within ±1/√in.
  Dense(int64_t in, int64_t out, Rng& rng, const DenseOptions& options = {});

  Tensor forward(const Tensor& x) override;
  std::string description() const override;
  bool fold_next(Module& next) override;

 private:
  bool folded_ = false;  // a normalization of the second dimension
};

}  // namespace gradus::layers
