#include "layers/norm/spectral_norm.hpp"

#include "core/text/range.hpp"
#include "layers/shown.hpp"
#include "layers/weight_rows.hpp"

namespace gradus::layers {

SpectralNorm::SpectralNorm(const SpectralNormOptions& options) : options_(options) {
  range::positive.check("spectral_norm", "eps", options.eps);
  range::count.check("spectral_norm", "n_power_iterations", options.n_power_iterations);
}

Tensor SpectralNorm::apply(const Tensor& weight, bool training) {
  // Recorded operations get copies, because the next call in training mode changes the buffers.
  if (!training) return spectral_norm(weight, u.clone(), v.clone());
  const SpectralNormResult result = spectral_norm(weight, u, options_);
  u.copy_from(result.u);
  v.copy_from(result.v);
  return result.weight;
}

void SpectralNorm::attach(const Tensor& weight) {
  Rng rng(0);
  const SpectralNormResult result =
      spectral_norm(weight, randn({weight.size(0)}, rng, weight.dtype()),
                    {.n_power_iterations = 15, .eps = options_.eps});
  u = Buffer(result.u);
  v = Buffer(result.v);
}

void SpectralNorm::settle(const Tensor& weight) {
  const NoGrad no_grad;
  const SpectralNormResult result =
      spectral_norm(weight, u, {.n_power_iterations = 50, .eps = options_.eps});
  u.copy_from(result.u);
  v.copy_from(result.v);
}

void SpectralNorm::members(Members& members) {
  members.buffer("weight_u", u, Role::iterate);
  members.buffer("weight_v", v, Role::iterate);
}

std::string SpectralNorm::description() const {
  return called("SpectralNorm",
                {shown("n_power_iterations", options_.n_power_iterations, int64_t{1}),
                 shown("eps", options_.eps, 1e-12)});
}

std::string SpectralNorm::equation(const Shape& weight) const {
  return fmt::format(
      "SpectralNorm: over the whole weight of {}×{}; W ← W/σ₁, σ₁ = uᵀWv, u and v after {} more "
      "iteration{} of the power method at each step",
      weight[0], row_length(weight), options_.n_power_iterations,
      options_.n_power_iterations == 1 ? "" : "s");
}

}  // namespace gradus::layers
