// RAdam: rectified Adam, with a built-in warmup.
#pragma once

#include "optim/optimizer.hpp"

namespace gradus::optim {

/// Options of RAdam.
struct RAdamOptions {
  double lr = 1e-3;  ///< learning rate; positive
  /// β₁: decay rate of the mean gradient, in [0, 1).
  double beta1 = 0.9;
  /// β₂: decay rate of the mean squared gradient, in [0, 1).
  double beta2 = 0.999;
  /// Added to the root (not under it); positive.
  double eps = 1e-8;
  /// λ of the L2 penalty ½λ‖θ‖²: λθ is added to the gradient.
  double weight_decay = 0;
  /// Skip parameters without a gradient instead of throwing.
  bool allow_missing_gradient = false;

  /// The options for the command line and texts: names, ranges and help.
  static OptionTable<RAdamOptions> table();
};

/// Liu et al. (2020): plain momentum while the variance of 1/√v is too large, then Adam times a
/// correction factor r, which acts as a warmup without a schedule. With m̂ and v as in Adam, at
/// step t = 1, 2, …:
///
///     ρ∞ = 2/(1 − β₂) − 1        ρ = ρ∞ − 2tβ₂ᵗ/(1 − β₂ᵗ)
///     r² = (ρ − 4)(ρ − 2)ρ∞ / ((ρ∞ − 4)(ρ∞ − 2)ρ)
///     θ ← θ − lr·m̂·r·√(1 − β₂ᵗ)/(√v + ε)        while ρ ≤ 5:  θ ← θ − lr·m̂
///
/// State: "exp_avg" (m), "exp_avg_sq" (v).
class RAdam : public OptimizerWith<RAdamOptions> {
 public:
  /// Throws std::invalid_argument for an option out of its range.
  explicit RAdam(const NamedTensors& parameters, const RAdamOptions& options = {});

 private:
  void update(const Target& target) override;
};

}  // namespace gradus::optim
