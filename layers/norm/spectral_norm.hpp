// SpectralNorm: divides a weight by its largest singular value.
#pragma once

#include "core/ops/norm/weight_normalization.hpp"
#include "layers/reparametrization.hpp"

namespace gradus::layers {

/// Spectral normalization, spectral_norm() (Miyato et al. 2018): in training mode each call first
/// improves the singular vectors, the buffers weight_u and weight_v as in PyTorch; evaluation
/// doesn't change them.
class SpectralNorm : public Reparametrized<SpectralNorm> {
 public:
  Buffer u;  ///< (out): the left singular vector
  Buffer v;  ///< (row): the right singular vector

  /// Throws std::invalid_argument unless n_power_iterations is 1 or more and eps positive.
  explicit SpectralNorm(const SpectralNormOptions& options = {});
  Tensor apply(const Tensor& weight, bool training) override;
  /// 15 iterations from a random vector with a fixed seed.
  void attach(const Tensor& weight) override;
  const char* weight_name() const override { return "weight_orig"; }
  /// 50 iterations from the present u.
  void settle(const Tensor& weight) override;
  void members(Members& members) override;
  std::string description() const override;
  std::string equation(const Shape& weight) const override;

 private:
  SpectralNormOptions options_;
};

}  // namespace gradus::layers
