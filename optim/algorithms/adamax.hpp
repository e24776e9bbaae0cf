// AdaMax.
#pragma once

#include "optim/optimizer.hpp"

namespace gradus::optim {

/// Options of Adamax.
struct AdamaxOptions {
  double lr = 2e-3;  ///< learning rate; positive
  /// β₁: the part of the mean gradient that stays, in [0, 1).
  double beta1 = 0.9;
  /// β₂: the part of the largest gradient that stays, in [0, 1).
  double beta2 = 0.999;
  /// Added to |g'|; positive.
  double eps = 1e-8;
  /// λ of the L2 penalty ½λ‖θ‖²: λθ is added to the gradient.
  double weight_decay = 0;
  /// Leaves parameters without a gradient as they are instead of throwing.
  bool allow_missing_gradient = false;

  /// What the command line and texts can set: names, ranges and help.
  static OptionTable<AdamaxOptions> table();
};

/// Adam with the largest gradient in place of the root mean square (Kingma and Ba 2015, section 7).
/// With g' = g + λθ, at step t = 1, 2, …:
///
///     m ← β₁m + (1 − β₁)g'
///     u ← max(β₂u, |g'| + ε)
///     θ ← θ − lr/(1 − β₁ᵗ)·m/u
///
/// State: "exp_avg" (m), "exp_inf" (u).
class Adamax : public OptimizerWith<AdamaxOptions> {
 public:
  /// Throws std::invalid_argument for an option out of its range.
  explicit Adamax(const NamedTensors& parameters, const AdamaxOptions& options = {});

 private:
  void update(const Target& target) override;
};

}  // namespace gradus::optim
