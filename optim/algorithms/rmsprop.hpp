// RMSProp: gradients divided by their root mean square.
#pragma once

#include "optim/optimizer.hpp"

namespace gradus::optim {

/// Options of RMSProp.
struct RMSPropOptions {
  double lr = 1e-2;  ///< learning rate; positive
  /// α: decay rate of the mean square, in [0, 1).
  double alpha = 0.99;
  /// Added to the root (not under it); positive.
  double eps = 1e-8;
  /// μ: decay rate of the velocity, in [0, 1).
  double momentum = 0;
  /// Divide by the standard deviation of the gradient instead of its root mean square.
  bool centered = false;
  /// λ of the L2 penalty ½λ‖θ‖²: λθ is added to the gradient.
  double weight_decay = 0;
  /// Skip parameters without a gradient instead of throwing.
  bool allow_missing_gradient = false;

  /// The options for the command line and texts: names, ranges and help.
  static OptionTable<RMSPropOptions> table();
};

/// Steps along the gradient, divided by the root of its mean square (Tieleman and Hinton 2012;
/// centred: Graves 2013). With g' = g + λθ:
///
///     s ← αs + (1 − α)g'²                       a ← αa + (1 − α)g'   (centred)
/// d = g' / (√s + ε)                         centred: s − a² instead of s
/// v ← μv + d                                without momentum: d instead of v
///     θ ← θ − lr·v
///
/// If rounding makes s − a² negative, it counts as 0. State: "square_avg" (s); with momentum
/// "momentum_buffer" (v); centred "grad_avg" (a).
class RMSProp : public OptimizerWith<RMSPropOptions> {
 public:
  /// Throws std::invalid_argument for an option out of its range.
  explicit RMSProp(const NamedTensors& parameters, const RMSPropOptions& options = {});

 private:
  void update(const Target& target) override;
};

}  // namespace gradus::optim
