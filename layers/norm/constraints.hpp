// Constraints: weights projected after each step, by rows.
#pragma once

#include "layers/module.hpp"

namespace gradus::layers {

/// Changes the rows of a weight (its outputs in the first dimension) to keep a rule.
using Constraint = std::function<Tensor(const Tensor& weight)>;
/// Each row divided by its norm. Throws for a row of norm 0.
Constraint unit_norm();
/// Each row of a norm above `limit` scaled down to it (Srebro and Shraibman 2005). Throws unless
/// limit > 0.
Constraint max_norm(double limit);
/// Projects the weights of all dense, convolution and recurrent layers of `module`, of the last
/// those from the input and from the state: call it after each step of the optimizer. Frozen ones
/// stay.
void constrain(Module& module, const Constraint& constraint);

}  // namespace gradus::layers
