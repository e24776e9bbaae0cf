// Stochastic gradient descent, with momentum and Nesterov's.
#pragma once

#include "optim/optimizer.hpp"

namespace gradus::optim {

/// Where the learning rate stands in a step with momentum.
enum class MomentumStyle {
  pytorch,    ///< it multiplies the velocity (Polyak 1964)
  sutskever,  ///< it is part of the velocity (Sutskever et al. 2013)
};

/// Options of SGD.
struct SGDOptions {
  double lr = 1e-2;  ///< learning rate; positive
  /// μ: the part of the velocity that stays, in [0, 1).
  double momentum = 0;
  /// The part of a gradient that does not enter the velocity, in [0, 1]; the first enters whole.
  double dampening = 0;
  /// Looks ahead along the velocity; needs momentum and no dampening.
  bool nesterov = false;
  MomentumStyle style = MomentumStyle::pytorch;  ///< where the rate stands
  /// λ of the L2 penalty ½λ‖θ‖²: λθ is added to the gradient.
  double weight_decay = 0;
  /// β of the decay past the gradient: θ shrinks by 1 − β a step, whatever lr is; in [0, 1).
  /// Without momentum, β = lr·λ is the L2 penalty. Goes without weight_decay.
  double decoupled_weight_decay = 0;
  /// Leaves parameters without a gradient as they are instead of throwing.
  bool allow_missing_gradient = false;

  /// What the command line and texts can set: names, ranges and help.
  static OptionTable<SGDOptions> table();
};

/// Stochastic gradient descent: plain, with momentum, or with Nesterov's. With g' = g + λθ:
///
///     v ← μv + (1 − dampening)g'     (the first v is g')
///     θ ← (1 − β)θ − lr·v            plain: g' in v's place; Nesterov: g' + μv in v's place
///
/// This is PyTorch's momentum (Polyak 1964): the rate multiplies the velocity. Sutskever et al.
/// (2013) keep the rate inside, which differs when lr changes:
///
///     v ← μv + lr·(1 − dampening)g'
///     θ ← (1 − β)θ − v               Nesterov: lr·g' + μv in v's place
///
/// Nesterov's form (1983) takes the gradient at θ, not at the look-ahead θ − lr·μv; it holds the
/// look-ahead point in θ, and the iterates agree after that shift.
///
/// State: "momentum_buffer" (v), only with momentum.
class SGD : public OptimizerWith<SGDOptions> {
 public:
  /// Throws std::invalid_argument for an option out of its range.
  explicit SGD(const NamedTensors& parameters, const SGDOptions& options = {});

 private:
  void update(const Target& target) override;
};

}  // namespace gradus::optim
