#include "core/kernels/gemm/tiles.hpp"

#include "core/kernels/simd/instruction_set.hpp"

#if defined(GRADUS_PORTABLE) && defined(__x86_64__)
#define GRADUS_TILE_SET avx512
#define GRADUS_TARGET [[gnu::target("arch=x86-64-v4")]]
#define GRADUS_REGISTERS 32
#define GRADUS_REGISTER_BYTES 64
#include "core/kernels/gemm/tile_set.hpp"
#define GRADUS_TILE_SET emulated_avx512
#define GRADUS_TARGET [[gnu::target("arch=x86-64-v3")]]
#define GRADUS_REGISTERS 32
#define GRADUS_REGISTER_BYTES 32
#define GRADUS_VECTOR_BYTES 64
#include "core/kernels/gemm/tile_set.hpp"
#define GRADUS_TILE_SET avx2
#define GRADUS_TARGET [[gnu::target("arch=x86-64-v3")]]
#define GRADUS_REGISTERS 16
#define GRADUS_REGISTER_BYTES 32
#include "core/kernels/gemm/tile_set.hpp"
#endif
#if defined(GRADUS_PORTABLE) && defined(__aarch64__)
#define GRADUS_TILE_SET neon
#define GRADUS_TARGET
#define GRADUS_REGISTERS 32
#define GRADUS_REGISTER_BYTES 16
#include "core/kernels/gemm/tile_set.hpp"
#endif
#if defined(GRADUS_PORTABLE)
#define GRADUS_TILE_SET portable
#define GRADUS_TARGET
#define GRADUS_REGISTERS 16
#define GRADUS_REGISTER_BYTES 16
#endif
#include "core/kernels/gemm/tile_set.hpp"

namespace gradus::kernels {

#if defined(GRADUS_PORTABLE)
template <class T>
static const Tiles<T>& tiles_for(InstructionSet set) {
  switch (set) {
#if defined(__x86_64__)
    case InstructionSet::avx512:
      return avx512::tiles<T>();
    case InstructionSet::emulated_avx512:
      return emulated_avx512::tiles<T>();
    case InstructionSet::avx2:
      return avx2::tiles<T>();
#elif defined(__aarch64__)
    case InstructionSet::neon:
      return neon::tiles<T>();
#endif
    default:
      return portable::tiles<T>();
  }
}
#endif

template <class T>
const Tiles<T>& tiles() {
#if defined(GRADUS_PORTABLE)
  static const Tiles<T>& chosen = tiles_for<T>(instruction_set());
  return chosen;
#else
  return native::tiles<T>();
#endif
}

template const Tiles<float>& tiles();
template const Tiles<double>& tiles();

}  // namespace gradus::kernels
