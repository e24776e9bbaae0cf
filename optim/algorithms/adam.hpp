// Adam, AdamW: rates per weight from the mean and the mean square of gradients.
#pragma once

#include "optim/optimizer.hpp"

namespace gradus::optim {

/// Options of Adam and, `decoupled`, of AdamW.
template <bool decoupled>
struct AdamOptionsOf {
  double lr = 1e-3;  ///< learning rate; positive
  /// β₁: decay rate of the mean gradient, in [0, 1).
  double beta1 = 0.9;
  /// β₂: decay rate of the mean squared gradient, in [0, 1).
  double beta2 = 0.999;
  /// Added to the root (not under it); positive.
  double eps = 1e-8;
  /// λ. Adam (default 0): L2 penalty ½λ‖θ‖², λθ is added to the gradient. AdamW (default 0.01):
  /// decoupled decay, θ is multiplied by 1 − lr·λ at each step.
  double weight_decay = decoupled ? 1e-2 : 0;
  /// Divide by the largest v so far (Reddi, Kale and Kumar 2018).
  bool amsgrad = false;
  /// Correct the bias of m and v, which start at 0; otherwise m̂ = m and v̂ = v.
  bool bias_correction = true;
  /// Skip parameters without a gradient instead of throwing.
  bool allow_missing_gradient = false;

  /// The options for the command line and texts: names, ranges and help.
  static OptionTable<AdamOptionsOf> table();
};

/// Adam and, `decoupled`, AdamW.
template <bool decoupled>
class AdamOf : public OptimizerWith<AdamOptionsOf<decoupled>> {
 public:
  /// Throws std::invalid_argument for an option out of its range.
  explicit AdamOf(const NamedTensors& parameters, const AdamOptionsOf<decoupled>& options = {});

 private:
  void update(const Optimizer::Target& target) override;
};

/// Options of Adam.
using AdamOptions = AdamOptionsOf<false>;
/// Steps along the mean gradient, divided by the root of the mean squared gradient (Kingma and Ba
/// 2015). With g' = g + λθ, at step t = 1, 2, …:
///
///     m ← β₁m + (1 − β₁)g'        m̂ = m / (1 − β₁ᵗ)
///     v ← β₂v + (1 − β₂)g'²       v̂ = v / (1 − β₂ᵗ)
///     θ ← θ − lr·m̂ / (√v̂ + ε)
///
/// State: "exp_avg" (m), "exp_avg_sq" (v) and, with amsgrad, "max_exp_avg_sq".
using Adam = AdamOf<false>;

/// Options of AdamW.
using AdamWOptions = AdamOptionsOf<true>;
/// Adam whose weight decay does not pass through the gradient (Loshchilov and Hutter 2019):
///
///     θ ← (1 − lr·λ)θ − lr·m̂ / (√v̂ + ε)
///
/// with m and v of the plain gradient. Options and state are otherwise Adam's.
using AdamW = AdamOf<true>;

}  // namespace gradus::optim
