// dropout, dropout2d: set random elements or channels to 0.
#pragma once

#include "core/random.hpp"

namespace gradus {

/// Each element is 0 with probability `rate`, else x/(1 − rate) (Srivastava et al. 2014). Throws
/// std::invalid_argument unless 0 ≤ rate < 1.
Tensor dropout(const Tensor& x, double rate, Rng& rng);
/// The same for whole channels: x (N, C, H, W), one draw for each of the N·C channels (Tompson et
/// al. 2015).
Tensor dropout2d(const Tensor& x, double rate, Rng& rng);

}  // namespace gradus
