// Lion.
#pragma once

#include "optim/optimizer.hpp"

namespace gradus::optim {

/// Options of Lion.
struct LionOptions {
  double lr = 1e-4;  ///< learning rate; positive
  /// β₁: the weight of the mean gradient in the step, in [0, 1).
  double beta1 = 0.9;
  /// β₂: the part of the mean gradient that stays, in [0, 1).
  double beta2 = 0.99;
  /// λ of the decoupled decay: θ shrinks by 1 − lr·λ a step.
  double weight_decay = 0;
  /// Leaves parameters without a gradient as they are instead of throwing.
  bool allow_missing_gradient = false;

  /// What the command line and texts can set: names, ranges and help.
  static OptionTable<LionOptions> table();
};

/// Chen et al. (2023): every weight moves by lr, up or down. Half of Adam's memory; a rate 3 to 10
/// times smaller and a decay as much larger than AdamW's.
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
