// Penalties on weights: L1, L2 and both (elastic net). Errors: std::invalid_argument.
#pragma once

#include "core/tensor.hpp"

namespace gradus::optim {

class Optimizer;

/// Weights of the penalty l1·Σ|w| + l2·Σw² (Zou and Hastie 2005), each 0 or more: l1 alone is the
/// lasso's penalty (Tibshirani 1996), l2 alone ridge's (Hoerl and Kennard 1970). An optimizer's
/// weight_decay λ is l2 = λ/2.
struct PenaltyOptions {
  double l1 = 0;  ///< weight of Σ|w|
  double l2 = 0;  ///< weight of Σw²
};

/// l1·Σ|w| + l2·Σw², of rank 0; differentiable, with derivative 0 of |w| at 0.
Tensor elastic_net_penalty(const Tensor& weight, const PenaltyOptions& options);

/// Those of `parameters` whose names match one of `patterns` (* stands for any characters, ? for
/// one): "0.*", "*.weight". Throws for a pattern that matches none. What penalties go on as a rule
/// is `model.tensors(Role::weight)`: weights of layers, not biases and gains.
NamedTensors penalized(const NamedTensors& parameters, const std::vector<std::string>& patterns);

/// Adds the gradient of the penalty, l1·sign(w) + 2·l2·w, to the gradient of each parameter that
/// has one, and returns the penalty over all of them.
double add_penalty(const NamedTensors& parameters, const PenaltyOptions& options);

/// The step of the penalty alone, after one of the optimizer along the loss alone:
///
///     w ← sign(w)·max(|w| − lr·l1, 0) / (1 + 2·lr·l2)
///
/// This is the proximal operator of lr times the penalty (Daubechies et al. 2004, ISTA): the
/// weights that it brings to 0 are exactly 0, where add_penalty() leaves them swinging about it.
void proximal_step(const NamedTensors& parameters, double lr, const PenaltyOptions& options);
/// The same, each parameter by the rate that the optimizer's last step had for it, its group's.
/// Frozen parameters stay.
void proximal_step(const NamedTensors& parameters, const Optimizer& optimizer,
                   const PenaltyOptions& options);

}  // namespace gradus::optim
