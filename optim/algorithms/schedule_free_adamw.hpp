// ScheduleFreeAdamW: AdamW whose average of weights replaces a schedule.
#pragma once

#include "optim/optimizer.hpp"

namespace gradus::optim {

/// Options of ScheduleFreeAdamW.
struct ScheduleFreeAdamWOptions {
  double lr = 2.5e-3;  ///< learning rate; positive
  /// β₁: the part of the average in the weights at which gradients are taken, in [0, 1).
  double beta1 = 0.9;
  /// β₂: decay rate of the mean squared gradient, in [0, 1).
  double beta2 = 0.999;
  /// Added to the root (not under it); positive.
  double eps = 1e-8;
  /// λ of the decoupled decay: lr·λy is subtracted from z.
  double weight_decay = 0;
  /// Skip parameters without a gradient instead of throwing.
  bool allow_missing_gradient = false;

  /// The options for the command line and texts: names, ranges and help.
  static OptionTable<ScheduleFreeAdamWOptions> table();
};

/// Defazio et al. (2024): steps at a constant rate, and an average of them that needs no falling
/// rate and no number of steps. From z = x = θ, at step t = 1, 2, …, with the gradient g at y:
///
///     v ← β₂v + (1 − β₂)g²        γ = lr·√(1 − β₂ᵗ)
///     z ← z − γ·(g/(√v + ε) + λy)
///     x ← (1 − c)x + c·z, c = γ²/Σγ²
///     y = (1 − β₁)z + β₁x
///
/// The parameters are y in training and x after eval(), until train(). step() throws
/// std::logic_error in evaluation. What changes the parameters between the steps, such as a
/// constraint, is lost. The only schedule with a meaning is a warmup(). Batch normalization
/// collects its statistics at y, which is near x.
///
/// State, the same in training and evaluation: "z", "x", "exp_avg_sq" (v), "weight_sum" (Σγ²).
class ScheduleFreeAdamW : public OptimizerWith<ScheduleFreeAdamWOptions> {
 public:
  /// Throws std::invalid_argument for an option out of its range.
  explicit ScheduleFreeAdamW(const NamedTensors& parameters,
                             const ScheduleFreeAdamWOptions& options = {});

  void train() override;
  void eval() override;
  bool evaluates_elsewhere() const override { return true; }
  /// Throws std::invalid_argument: β₁ is no momentum.
  void set_momentum(double momentum) override { Optimizer::set_momentum(momentum); }

 private:
  void check_step() const override;
  void update(const Target& target) override;

  bool is_training_ = true;
};

}  // namespace gradus::optim
