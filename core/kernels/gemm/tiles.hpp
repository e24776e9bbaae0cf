// tiles: the tiles for this processor.
#pragma once

#include "core/kernels/gemm/tile.hpp"

namespace gradus::kernels {

/// Chosen once, at the first call, among those that were compiled.
template <class T>
const Tiles<T>& tiles();

}  // namespace gradus::kernels
