// differences: what keeps named tensors from being loaded in the place of others.
#pragma once

#include "core/tensor.hpp"

namespace gradus {

/// What keeps `given` from being loaded in the place of `own`, joined by "; ": "missing NAME",
/// "unexpected NAME", "repeated NAME", "NAME is undefined", "NAME is f32 (2, 3), got f64 (2, 3)".
/// Empty where nothing does.
std::string differences(const NamedTensors& own, const NamedTensors& given);

}  // namespace gradus
