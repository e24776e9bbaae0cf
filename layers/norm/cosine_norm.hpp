// Cosine normalization: of the product of inputs and weights.
#pragma once

#include "layers/reparametrization.hpp"

namespace gradus::layers {

/// Options of CosineNorm.
struct CosineNormOptions {
  bool centered = false;  ///< rows and inputs minus their means: the correlation
  double eps = 1e-8;      ///< the least norm that is divided by; 1e-12 or more
  /// The factor of the cosine at first. It is learned, as weight_scale: outputs within −1 … 1
  /// would keep a softmax from being sure of anything.
  double scale = 10;
};
/// Cosine normalization, scale·cos(x, w) + bias, see cosine_linear() (Luo et al. 2018): normalizes
/// the product rather than the weight, so that it doesn't fold.
class CosineNorm : public Reparametrized<CosineNorm> {
 public:
  Parameter scale;  ///< the learned factor, of rank 0; CosineNormOptions::scale at first

  /// Throws std::invalid_argument unless eps is 1e-12 or more and scale finite.
  explicit CosineNorm(const CosineNormOptions& options = {});
  Tensor forward(const Tensor& x, const Tensor& weight, const Tensor& bias, const Product& product,
                 bool training) override;
  void attach(const Tensor& weight) override;
  bool folds() const override { return false; }
  void members(Members& members) override { members.parameter("weight_scale", scale, Role::gain); }
  std::string description() const override;
  std::string equation(const Shape& weight) const override;

 private:
  CosineNormOptions options_;
};

}  // namespace gradus::layers
