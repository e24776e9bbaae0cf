// What may be done to gradients between backward() and step(). These functions are the ones that
// write gradients; an optimizer never does. Parameters without a gradient are passed over. Errors:
// std::invalid_argument.
#pragma once

#include "core/random.hpp"

namespace gradus::optim {

/// Scales all gradients by max_norm/‖g‖ where the norm ‖g‖ of all of them together is above
/// `max_norm` (Pascanu et al. 2013). Returns ‖g‖ as it was; where it is NaN or infinite, gradients
/// stay as they are. Throws unless max_norm > 0.
double clip_grad_norm(const NamedTensors& parameters, double max_norm);

/// g ← min(max(g, −limit), limit), element by element. Throws unless limit > 0.
void clip_grad_value(const NamedTensors& parameters, double limit);

/// Options of clip_grad_adaptive().
struct AdaptiveClippingOptions {
  double clipping = 0.01;  ///< λ, positive
  double eps = 1e-3;       ///< the least norm of a unit's weights, so that zeros can grow; positive
};
/// Scales the gradient of each unit to λ·max(‖w‖, eps) where its norm is above (Brock et al. 2021).
/// A unit is a row of the first dimension (an output of a layer), of a tensor of rank 1 or 0 all of
/// it. The paper leaves out the last layer.
void clip_grad_adaptive(const NamedTensors& parameters,
                        const AdaptiveClippingOptions& options = {});

/// Options of add_gradient_noise().
struct GradientNoiseOptions {
  double eta = 0.3;     ///< η, the variance at step 0; 0 or more. The paper tries 0.01, 0.3 and 1
  double gamma = 0.55;  ///< how fast it falls, 0 or more
};
/// Adds normal noise of variance η/(1 + t)^γ to every gradient, at step t = 0, 1, … (Neelakantan et
/// al. 2015; after clipping, where there is any).
void add_gradient_noise(const NamedTensors& parameters, int64_t step, Rng& rng,
                        const GradientNoiseOptions& options = {});

}  // namespace gradus::optim
