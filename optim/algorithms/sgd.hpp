// SGD: stochastic gradient descent, plain, with momentum or Nesterov momentum.
#pragma once

#include "optim/optimizer.hpp"

namespace gradus::optim {

/// The place of the learning rate in a step with momentum.
enum class MomentumStyle {
  pytorch,    ///< it multiplies the velocity (Polyak 1964)
  sutskever,  ///< it is part of the velocity (Sutskever et al. 2013)
};

/// Options of SGD.
struct SGDOptions {
  double lr = 1e-2;  ///< learning rate; positive
  /// μ: decay rate of the velocity, in [0, 1).
  double momentum = 0;
  /// The fraction of a gradient that is not added to the velocity, in [0, 1]; the first gradient is
  /// added whole.
  double dampening = 0;
  /// Use Nesterov momentum; needs momentum and no dampening.
  bool nesterov = false;
  MomentumStyle style = MomentumStyle::pytorch;  ///< the place of the rate
  /// λ of the L2 penalty ½λ‖θ‖²: λθ is added to the gradient.
  double weight_decay = 0;
  /// β of the decoupled decay: θ is multiplied by 1 − β at each step, independently of lr; in [0,
  /// 1). Without momentum, β = lr·λ equals the L2 penalty. Cannot be combined with weight_decay.
  double decoupled_weight_decay = 0;
  /// Skip parameters without a gradient instead of throwing.
  bool allow_missing_gradient = false;

  /// The options for the command line and texts: names, ranges and help.
  static OptionTable<SGDOptions> table();
};

/// Stochastic gradient descent: plain, with momentum, or with Nesterov momentum. With g' = g + λθ:
///
///     v ← μv + (1 − dampening)g'     (the first v is g')
/// θ ← (1 − β)θ − lr·v            plain: g' instead of v; Nesterov: g' + μv instead of v
///
/// This is PyTorch's momentum (Polyak 1964): the rate multiplies the velocity. In Sutskever et al.
/// (2013) the rate is part of the velocity, which differs if lr changes:
///
///     v ← μv + lr·(1 − dampening)g'
/// θ ← (1 − β)θ − v               Nesterov: lr·g' + μv instead of v
///
/// Nesterov (1983) evaluates the gradient at the look-ahead point θ − lr·μv. Here θ itself is the
/// look-ahead point, so the gradient is evaluated at θ; after this shift the iterates agree.
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
