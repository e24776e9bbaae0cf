// digits: the small set of handwritten digits that is built into the library.
#pragma once

#include "data/dataset.hpp"

namespace gradus::data {

/// 1,797 handwritten digits of 8 × 8 pixels (E. Alpaydin and C. Kaynak 1998, UCI), in MNIST's form:
/// enlarged to 20 × 20 by bilinear interpolation, in the middle of 28 × 28. 1,437 for training and
/// 360 for testing, always the same ones (built_in_split). Normalized by the training part.
Split digits();

}  // namespace gradus::data
