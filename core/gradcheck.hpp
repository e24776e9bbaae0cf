// gradcheck, gradgradcheck: compare gradients with central differences.
#pragma once

#include "core/autograd.hpp"

namespace gradus {

/// Options of gradcheck() and gradgradcheck().
struct GradcheckOptions {
  double step = 1e-6;  ///< ε: half the distance between the two evaluations
  double rtol = 1e-5;  ///< passes if |analytic − numeric| ≤ atol + rtol·|numeric|
  double atol = 1e-7;  ///< absolute tolerance
  uint64_t seed = 0;   ///< for the random upstream gradient
};

/// Result of gradcheck() and gradgradcheck().
struct GradcheckResult {
  bool passed = true;  ///< whether all derivatives agree
  std::string
      message;  ///< the first difference (input, element, both values); empty if there is none
  explicit operator bool() const { return passed; }  ///< `passed`
};

/// Compares the derivatives of `function` at `inputs`, for a random upstream gradient, with central
/// differences of step ε: (f(x + ε) − f(x − ε)) / 2ε. Inputs that require a gradient are checked
/// and must be f64 (std::invalid_argument otherwise); at points within ε of a kink the check may
/// fail although the gradient is right.
GradcheckResult gradcheck(const Function& function, const Tensors& inputs,
                          const GradcheckOptions& options = {});

/// The same for second derivatives: gradcheck of the gradients as functions of the inputs and of
/// the upstream gradient. These gradients are recorded; they must agree with unrecorded ones.
GradcheckResult gradgradcheck(const Function& function, const Tensors& inputs,
                              const GradcheckOptions& options = {});

}  // namespace gradus
