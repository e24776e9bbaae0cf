#include "core/kernels/gemm/openblas.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <type_traits>

#include "core/error.hpp"

namespace gradus::kernels {

template <class Function>
static void find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  if (!function) throw std::runtime_error(fmt::format("OpenBLAS has no {}", name));
}

static int narrow(int64_t extent) {
  require(extent <= std::numeric_limits<int>::max(), "gemm",
          "extents must be at most 2³¹ − 1 for OpenBLAS, got {}", extent);
  return static_cast<int>(extent);
}

OpenBlas::OpenBlas() {
  void* const library = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);
  if (!library)
    throw std::runtime_error(fmt::format(
        "OpenBLAS can't be loaded (Debian's package is libopenblas0-pthread): {}", dlerror()));
  find(library, "sgemm_", sgemm_);
  find(library, "dgemm_", dgemm_);
  find(library, "openblas_get_corename", processor_);
  void (*set_num_threads)(int) = nullptr;
  find(library, "openblas_set_num_threads", set_num_threads);
  set_num_threads(1);
}

const OpenBlas& OpenBlas::instance() {
  static const OpenBlas library;
  return library;
}

std::string OpenBlas::processor() const {
  return processor_();
}

// The BLAS is column-major, so it computes Cᵀ = Bᵀ·Aᵀ.
template <class T>
void OpenBlas::multiply(int64_t m, int64_t n, int64_t k, Matrix<T> a, Matrix<T> b, Update update,
                        T* c, int64_t stride) const {
  if (m == 0 || n == 0) return;
  const int rows = narrow(m), columns = narrow(n), depth = narrow(k), stride_c = narrow(stride);
  const int stride_a = std::max(1, narrow(a.stride)), stride_b = std::max(1, narrow(b.stride));
  const T one = 1, old = update == Update::add ? 1 : 0;
  const auto call = [&](Multiply<T> gemm) {
    gemm(b.transposed ? "T" : "N", a.transposed ? "T" : "N", &columns, &rows, &depth, &one, b.data,
         &stride_b, a.data, &stride_a, &old, c, &stride_c);
  };
  if constexpr (std::is_same_v<T, float>)
    call(sgemm_);
  else
    call(dgemm_);
}

const OpenBlas* chosen_openblas() {
  static const OpenBlas* const chosen = [] {
    const char* const text = std::getenv("GRADUS_BLAS");
    const std::string name = text ? text : "";
    if (name == "openblas") return &OpenBlas::instance();
    if (!name.empty())
      throw std::runtime_error(
          fmt::format("GRADUS_BLAS must be openblas or not set, got '{}'", name.substr(0, 100)));
    return static_cast<const OpenBlas*>(nullptr);
  }();
  return chosen;
}

template void OpenBlas::multiply(int64_t, int64_t, int64_t, Matrix<float>, Matrix<float>, Update,
                                 float*, int64_t) const;
template void OpenBlas::multiply(int64_t, int64_t, int64_t, Matrix<double>, Matrix<double>, Update,
                                 double*, int64_t) const;

}  // namespace gradus::kernels
