// clip_grad_norm, clip_grad_value, clip_grad_adaptive, add_gradient_noise: change gradients between
// backward() and step(). An optimizer never changes gradients. Parameters without a gradient are
// skipped. Errors: std::invalid_argument.
#pragma once

#include "core/random.hpp"

namespace gradus::optim {

/// Scales all gradients by max_norm/‖g‖ if their total norm ‖g‖ is above `max_norm` (Pascanu et al.
/// 2013). Returns ‖g‖ before scaling; if it is NaN or infinite, gradients don't change. Throws
/// unless max_norm > 0.
double clip_grad_norm(const NamedTensors& parameters, double max_norm);

/// g ← min(max(g, −limit), limit), element by element. Throws unless limit > 0.
void clip_grad_value(const NamedTensors& parameters, double limit);

/// Options of clip_grad_adaptive().
struct AdaptiveClippingOptions {
  double clipping = 0.01;  ///< λ, positive
  double eps =
      1e-3;  ///< lower bound of the norm of a unit's weights, so that zeros can grow; positive
};
/// Scales the gradient of each unit to the norm λ·max(‖w‖, eps) if its norm is larger (Brock et al.
/// 2021). A unit is a row of the first dimension (an output of a layer); a tensor of rank 1 or 0 is
/// one unit. The paper leaves out the last layer.
void clip_grad_adaptive(const NamedTensors& parameters,
                        const AdaptiveClippingOptions& options = {});

/// Options of add_gradient_noise().
struct GradientNoiseOptions {
  double eta = 0.3;     ///< η, the variance at step 0; 0 or more (0.01, 0.3 or 1 in the paper)
  double gamma = 0.55;  ///< exponent of its decrease, 0 or more
};
/// Adds normal noise of variance η/(1 + t)^γ to every gradient, at step t = 0, 1, … (Neelakantan et
/// al. 2015; call it after clipping).
void add_gradient_noise(const NamedTensors& parameters, int64_t step, Rng& rng,
                        const GradientNoiseOptions& options = {});

}  // namespace gradus::optim
