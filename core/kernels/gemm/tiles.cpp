#include "core/kernels/gemm/tiles.hpp"

#if defined(GRADUS_PORTABLE) && defined(__x86_64__)
#define GRADUS_TILE_SET avx512
#define GRADUS_TARGET [[gnu::target("arch=x86-64-v4")]]
#define GRADUS_VECTOR_BYTES 64
#include "core/kernels/gemm/tile_set.hpp"
#define GRADUS_TILE_SET avx2
#define GRADUS_TARGET [[gnu::target("arch=x86-64-v3")]]
#define GRADUS_VECTOR_BYTES 32
#include "core/kernels/gemm/tile_set.hpp"
#define GRADUS_TILE_SET baseline
#define GRADUS_TARGET
#define GRADUS_VECTOR_BYTES 16
#endif
#include "core/kernels/gemm/tile_set.hpp"

namespace gradus::kernels {

template <class T>
const Tiles<T>& tiles() {
#if defined(GRADUS_PORTABLE) && defined(__x86_64__)
  static const Tiles<T>& best = __builtin_cpu_supports("x86-64-v4")   ? avx512::tiles<T>()
                                : __builtin_cpu_supports("x86-64-v3") ? avx2::tiles<T>()
                                                                      : baseline::tiles<T>();
  return best;
#else
  return native::tiles<T>();
#endif
}

template const Tiles<float>& tiles();
template const Tiles<double>& tiles();

}  // namespace gradus::kernels
