// Adamax: Adam with the largest gradient instead of the root mean square.
#pragma once

#include "optim/optimizer.hpp"

namespace gradus::optim {

/// Options of Adamax.
struct AdamaxOptions {
  double lr = 2e-3;  ///< learning rate; positive
  /// β₁: decay rate of the mean gradient, in [0, 1).
  double beta1 = 0.9;
  /// β₂: decay rate of the largest gradient, in [0, 1).
  double beta2 = 0.999;
  /// Added to |g'|; positive.
  double eps = 1e-8;
  /// λ of the L2 penalty ½λ‖θ‖²: λθ is added to the gradient.
  double weight_decay = 0;
  /// Skip parameters without a gradient instead of throwing.
  bool allow_missing_gradient = false;

  /// The options for the command line and texts: names, ranges and help.
  static OptionTable<AdamaxOptions> table();
};

/// Adam with the largest gradient instead of the root mean square (Kingma and Ba 2015, section 7).
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
