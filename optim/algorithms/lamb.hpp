// LAMB: Adam for large batches.
#pragma once

#include "optim/optimizer.hpp"

namespace gradus::optim {

/// Options of LAMB.
struct LAMBOptions {
  double lr = 1e-3;  ///< learning rate; positive
  /// β₁: the part of the mean gradient that stays, in [0, 1).
  double beta1 = 0.9;
  /// β₂: the part of the mean squared gradient that stays, in [0, 1).
  double beta2 = 0.999;
  /// Added to the root (not under it); positive.
  double eps = 1e-6;
  /// λ of the decay, which is part of the step r.
  double weight_decay = 1e-2;
  /// Leaves parameters without a gradient as they are instead of throwing.
  bool allow_missing_gradient = false;

  /// What the command line and texts can set: names, ranges and help.
  static OptionTable<LAMBOptions> table();
};

/// You et al. (2020): each tensor moves by a part of its own norm. m̂ and v̂ as in Adam:
///
///     r = m̂ / (√v̂ + ε) + λθ
///     θ ← θ − lr·‖θ‖/‖r‖·r        the quotient is 1 where one of the norms is 0
///
/// State: "exp_avg" (m), "exp_avg_sq" (v).
class LAMB : public OptimizerWith<LAMBOptions> {
 public:
  /// Throws std::invalid_argument for an option out of its range.
  explicit LAMB(const NamedTensors& parameters, const LAMBOptions& options = {});

 private:
  void update(const Target& target) override;
};

}  // namespace gradus::optim
