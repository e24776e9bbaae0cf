// Penalties on weights: L1, L2 and both (elastic net). Errors: std::invalid_argument.
#pragma once

#include <string>
#include <vector>

#include "core/tensor.hpp"

namespace gradus::optim {

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
/// one): "0.*", "*.weight". Without patterns those of rank 2 and more: weights of layers, not
/// biases and the parameters of normalizations. Throws for a pattern that matches none.
NamedTensors penalized(const NamedTensors& parameters,
                       const std::vector<std::string>& patterns = {});

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

}  // namespace gradus::optim
