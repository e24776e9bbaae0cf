// unit_norm, max_norm, constrain: project the rows of weights after each step.
#pragma once

#include "layers/module.hpp"

namespace gradus::layers {

/// Changes the rows of a weight (with the outputs in the first dimension) so that they obey the
/// constraint.
using Constraint = std::function<Tensor(const Tensor& weight)>;
/// Divides each row by its norm. Throws for a row of norm 0.
Constraint unit_norm();
/// Scales each row with a norm above `limit` down to that norm (Srebro and Shraibman 2005). Throws
/// unless limit > 0.
Constraint max_norm(double limit);
/// Projects the weights of all dense, convolution and recurrent layers of `module` (in recurrent
/// layers both weight_ih and weight_hh). Call it after each step of the optimizer. Frozen weights
/// don't change.
void constrain(Module& module, const Constraint& constraint);

}  // namespace gradus::layers
