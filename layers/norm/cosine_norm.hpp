// CosineNorm: cosine normalization of the product of inputs and weights.
#pragma once

#include "layers/reparametrization.hpp"

namespace gradus::layers {

/// Options of CosineNorm.
struct CosineNormOptions {
  bool centered = false;  ///< subtract the means of rows and inputs: the correlation
  double eps = 1e-8;      ///< lower bound of the norms in divisions; 1e-12 or more
  /// Initial factor of the cosine. It is learned, as weight_scale: with outputs in −1 … 1 a softmax
  /// could never give a high probability.
  double scale = 10;
};
/// Cosine normalization, scale·cos(x, w) + bias, see cosine_linear() (Luo et al. 2018): it
/// normalizes the product, not the weight, so it can't be folded.
class CosineNorm : public Reparametrized<CosineNorm> {
 public:
  Parameter scale;  ///< the learned factor, of rank 0; initially CosineNormOptions::scale

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
