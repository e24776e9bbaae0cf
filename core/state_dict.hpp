// joined, differences: join the tensors of several modules, and compare two state dicts.
#pragma once

#include "core/tensor.hpp"

namespace gradus {

/// The tensors of all parts, each with the name of its part as a prefix, "encoder.0.weight": an
/// optimizer of two modules takes
///
///     joined({{"encoder", encoder.parameters()}, {"head", head.parameters()}})
NamedTensors joined(const std::vector<std::pair<std::string, NamedTensors>>& parts);

/// The reasons why `given` can't be loaded into `own`, joined by "; ": "missing NAME", "unexpected
/// NAME", "repeated NAME", "NAME is undefined", "NAME is f32 (2, 3), got f64 (2, 3)". Empty if
/// there are none.
std::string differences(const NamedTensors& own, const NamedTensors& given);

}  // namespace gradus
