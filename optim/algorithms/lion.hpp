// Lion: steps of equal size by the sign of the mean gradient.
#pragma once

#include "optim/optimizer.hpp"

namespace gradus::optim {

/// Options of Lion.
struct LionOptions {
  double lr = 1e-4;  ///< learning rate; positive
  /// β₁: the weight of the mean gradient in the step, in [0, 1).
  double beta1 = 0.9;
  /// β₂: decay rate of the mean gradient, in [0, 1).
  double beta2 = 0.99;
  /// λ of the decoupled decay: θ is multiplied by 1 − lr·λ at each step.
  double weight_decay = 0;
  /// Skip parameters without a gradient instead of throwing.
  bool allow_missing_gradient = false;

  /// The options for the command line and texts: names, ranges and help.
  static OptionTable<LionOptions> table();
};

/// Chen et al. (2023): every weight moves by ±lr. Its state is half of Adam's. Compared with AdamW
/// the rate should be 3 to 10 times smaller, and the decay larger by the same factor.
///
///     θ ← (1 − lr·λ)θ − lr·sign(β₁m + (1 − β₁)g)
///     m ← β₂m + (1 − β₂)g
///
/// State: "exp_avg" (m).
class Lion : public OptimizerWith<LionOptions> {
 public:
  /// Throws std::invalid_argument for an option out of its range.
  explicit Lion(const NamedTensors& parameters, const LionOptions& options = {});

 private:
  void update(const Target& target) override;
};

}  // namespace gradus::optim
