// add_penalty, proximal_step: penalties on weights, L1, L2 and both (elastic net). Errors:
// std::invalid_argument.
#pragma once

#include "core/tensor.hpp"

namespace gradus::optim {

class Optimizer;

/// The factors of the penalty l1·Σ|w| + l2·Σw² (Zou and Hastie 2005), each 0 or more: only l1 is
/// the lasso (Tibshirani 1996), only l2 ridge regression (Hoerl and Kennard 1970). An optimizer's
/// weight_decay λ corresponds to l2 = λ/2.
struct PenaltyOptions {
  double l1 = 0;  ///< factor of Σ|w|
  double l2 = 0;  ///< factor of Σw²
};

/// l1·Σ|w| + l2·Σw², a scalar; differentiable, with derivative 0 of |w| at 0.
Tensor elastic_net_penalty(const Tensor& weight, const PenaltyOptions& options);

/// The `parameters` whose names match one of `patterns` (* matches any characters, ? one
/// character): "0.*", "*.weight". Throws for a pattern without a match. Usually penalties apply to
/// `model.tensors(Role::weight)`: weights of layers, not biases and gains.
NamedTensors penalized(const NamedTensors& parameters, const std::vector<std::string>& patterns);

/// Adds the gradient of the penalty, l1·sign(w) + 2·l2·w, to the gradient of each parameter that
/// has one, and returns the penalty over all of them.
double add_penalty(const NamedTensors& parameters, const PenaltyOptions& options);

/// A step for the penalty only, after an optimizer step for the loss only:
///
///     w ← sign(w)·max(|w| − lr·l1, 0) / (1 + 2·lr·l2)
///
/// This is the proximal operator of lr times the penalty (Daubechies et al. 2004, ISTA): it makes
/// small weights exactly 0, while with add_penalty() they oscillate around 0.
void proximal_step(const NamedTensors& parameters, double lr, const PenaltyOptions& options);
/// The same, with the learning rate of the optimizer's last step for each parameter. Frozen
/// parameters don't change.
void proximal_step(const NamedTensors& parameters, const Optimizer& optimizer,
                   const PenaltyOptions& options);

}  // namespace gradus::optim
