// NAdam: Adam with Nesterov momentum.
#pragma once

#include "optim/optimizer.hpp"

namespace gradus::optim {

/// Options of NAdam.
struct NAdamOptions {
  double lr = 2e-3;  ///< learning rate; positive
  /// β₁: decay rate of the mean gradient, in [0, 1).
  double beta1 = 0.9;
  /// β₂: decay rate of the mean squared gradient, in [0, 1).
  double beta2 = 0.999;
  /// Added to the root (not under it); positive.
  double eps = 1e-8;
  /// ψ: how fast the momentum rises to β₁; 0 or more.
  double momentum_decay = 4e-3;
  /// λ of the L2 penalty ½λ‖θ‖²: λθ is added to the gradient.
  double weight_decay = 0;
  /// Skip parameters without a gradient instead of throwing.
  bool allow_missing_gradient = false;

  /// The options for the command line and texts: names, ranges and help.
  static OptionTable<NAdamOptions> table();
};

/// Adam with Nesterov momentum (Dozat 2016). With g' = g + λθ, and m and v̂ as in Adam, at step t =
/// 1, 2, …:
///
///     μₜ = β₁(1 − ½·0.96^(tψ))        Mₜ = μ₁·μ₂⋯μₜ
///     θ ← θ − lr·((1 − μₜ)/(1 − Mₜ)·g' + μₜ₊₁/(1 − Mₜ₊₁)·m) / (√v̂ + ε)
///
/// State: "exp_avg" (m), "exp_avg_sq" (v).
class NAdam : public OptimizerWith<NAdamOptions> {
 public:
  /// Throws std::invalid_argument for an option out of its range.
  explicit NAdam(const NamedTensors& parameters, const NAdamOptions& options = {});

  /// Throws std::invalid_argument: momentum_decay determines the momentum.
  void set_momentum(double momentum) override;

 private:
  void update(const Target& target) override;
  double momentum(int64_t step) const;
  double product_to(int64_t step);

  int64_t factors_ = 0;
  double product_ = 1;  // product of the first `factors_` momenta
};

}  // namespace gradus::optim
