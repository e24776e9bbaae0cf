// differences: compares the names, types and shapes of two state dicts.
#pragma once

#include "core/tensor.hpp"

namespace gradus {

/// The reasons why `given` can't be loaded into `own`, joined by "; ": "missing NAME", "unexpected
/// NAME", "repeated NAME", "NAME is undefined", "NAME is f32 (2, 3), got f64 (2, 3)". Empty if
/// there are none.
std::string differences(const NamedTensors& own, const NamedTensors& given);

}  // namespace gradus
