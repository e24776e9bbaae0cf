// LAMB: Adam with a rate per tensor, for large batches.
#pragma once

#include "optim/optimizer.hpp"

namespace gradus::optim {

/// Options of LAMB.
struct LAMBOptions {
  double lr = 1e-3;  ///< learning rate; positive
  /// β₁: decay rate of the mean gradient, in [0, 1).
  double beta1 = 0.9;
  /// β₂: decay rate of the mean squared gradient, in [0, 1).
  double beta2 = 0.999;
  /// Added to the root (not under it); positive.
  double eps = 1e-6;
  /// λ of the weight decay, which is part of the step r.
  double weight_decay = 1e-2;
  /// Skip parameters without a gradient instead of throwing.
  bool allow_missing_gradient = false;

  /// The options for the command line and texts: names, ranges and help.
  static OptionTable<LAMBOptions> table();
};

/// You et al. (2020): each tensor moves by a fraction lr of its norm. With m̂ and v̂ as in Adam:
///
///     r = m̂ / (√v̂ + ε) + λθ
/// θ ← θ − lr·‖θ‖/‖r‖·r        the quotient is 1 if one of the norms is 0
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
