#include "core/kernels/gemm.hpp"

#include <cblas.h>
#include <omp.h>

#include <mutex>

namespace gradus::kernels {
namespace {

// Work is divided outside OpenBLAS, so each of its calls must stay on the calling thread, whichever
// way this build of it finds threads.
class OneThread {
 public:
  OneThread() {
    static const int kind = [] {
      const int parallel = openblas_get_parallel();
      if (parallel == OPENBLAS_THREAD) openblas_set_num_threads(1);
      return parallel;
    }();
    // A serial build needn't be safe to call from several threads at once.
    static std::mutex one_at_a_time;
    if (kind == OPENBLAS_SEQUENTIAL) lock_ = std::unique_lock(one_at_a_time);
    // A build on OpenMP obeys the calling thread's setting.
    if (kind == OPENBLAS_OPENMP) {
      threads_before_ = omp_get_max_threads();
      omp_set_num_threads(1);
    }
  }
  ~OneThread() {
    if (threads_before_ > 0) omp_set_num_threads(threads_before_);
  }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  std::unique_lock<std::mutex> lock_;
  int threads_before_ = 0;
};

CBLAS_TRANSPOSE flag(bool transposed) {
  return transposed ? CblasTrans : CblasNoTrans;
}
int narrow(int64_t extent) {
  return static_cast<int>(extent);
}

void call(int m, int n, int k, Matrix<float> a, Matrix<float> b, float beta, float* c, int stride) {
  cblas_sgemm(CblasRowMajor, flag(a.transposed), flag(b.transposed), m, n, k, 1, a.data,
              narrow(a.stride), b.data, narrow(b.stride), beta, c, stride);
}

void call(int m, int n, int k, Matrix<double> a, Matrix<double> b, double beta, double* c,
          int stride) {
  cblas_dgemm(CblasRowMajor, flag(a.transposed), flag(b.transposed), m, n, k, 1, a.data,
              narrow(a.stride), b.data, narrow(b.stride), beta, c, stride);
}

}  // namespace

template <class T>
void gemm_serial(int64_t m, int64_t n, int64_t k, Matrix<T> a, Matrix<T> b, T beta, T* c,
                 int64_t stride) {
  if (m == 0 || n == 0) return;
  if (k == 0) {
    for (int64_t row = 0; row < m; ++row)
      for (int64_t column = 0; column < n; ++column)
        c[row * stride + column] = beta == 0 ? T{0} : beta * c[row * stride + column];
    return;
  }
  const OneThread one_thread;
  call(narrow(m), narrow(n), narrow(k), a, b, beta, c, narrow(stride));
}

template void gemm_serial(int64_t, int64_t, int64_t, Matrix<float>, Matrix<float>, float, float*,
                          int64_t);
template void gemm_serial(int64_t, int64_t, int64_t, Matrix<double>, Matrix<double>, double,
                          double*, int64_t);

}  // namespace gradus::kernels
