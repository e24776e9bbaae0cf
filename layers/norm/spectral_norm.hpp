// Spectral normalization: a weight divided by its largest singular value.
#pragma once

#include "core/ops/weight_normalization.hpp"
#include "layers/reparametrization.hpp"

namespace gradus::layers {

/// Spectral normalization, spectral_norm() (Miyato et al. 2018): in training mode each call first
/// improves the singular vectors, PyTorch's buffers weight_u and weight_v; evaluation uses them as
/// they are.
class SpectralNorm : public Reparametrized<SpectralNorm> {
 public:
  Buffer u;  ///< (out): the left singular vector
  Buffer v;  ///< (row): the right singular vector

  /// Throws std::invalid_argument unless n_power_iterations is 1 or more and eps positive.
  explicit SpectralNorm(const SpectralNormOptions& options = {});
  Tensor apply(const Tensor& weight, bool training) override;
  /// 15 iterations from a random vector, of a fixed seed.
  void attach(const Tensor& weight) override;
  const char* weight_name() const override { return "weight_orig"; }
  /// 50 iterations from where u stands.
  void settle(const Tensor& weight) override;
  void members(Members& members) override;
  std::string description() const override;
  std::string equation(const Shape& weight) const override;

 private:
  SpectralNormOptions options_;
};

}  // namespace gradus::layers
