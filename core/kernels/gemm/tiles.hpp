// tiles: the tiles for the processor at run time.
#pragma once

#include "core/kernels/gemm/tile.hpp"

namespace gradus::kernels {

/// Chosen among the compiled ones at the first call.
template <class T>
const Tiles<T>& tiles();

}  // namespace gradus::kernels
