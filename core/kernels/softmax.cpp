#include "core/kernels/softmax.hpp"

#include <cmath>

#include "core/kernels/simd/exponential.hpp"
#include "core/kernels/simd/lanes.hpp"
#include "core/kernels/simd/vectorized.hpp"
#include "core/parallel.hpp"

namespace gradus::kernels {
namespace {

// Calls body(row) for each row; a thread gets enough rows to outweigh the cost of waking it.
template <class Body>
void for_rows(int64_t rows, int64_t n, Body body) {
  constexpr int64_t grain = 1 << 12;
  parallel_for(rows, std::max<int64_t>(1, grain / std::max<int64_t>(1, n)),
               [&](int64_t begin, int64_t end) {
                 for (int64_t row = begin; row < end; ++row) body(row);
               });
}

/// y[j] = e^(x[j] − max x), returns Σ y; n elements
template <class T>
T exponentials(int64_t n, const T* x, T* y, T& largest) {
  const T shift = largest = largest_of(n, x);
  for (int64_t j = 0; j < n; ++j) y[j] = exp(x[j] - shift);
  return sum_of(n, y);
}

template <class T>
T weight_sum(int64_t n, const LabelTargets<T>& targets) {
  T sum = 0;
  for (int64_t j = 0; j < n; ++j) sum += targets.weight ? targets.weight[j] : T{1};
  return sum;
}

}  // namespace

template <class T>
void softmax(int64_t rows, int64_t n, const T* x, T* y) {
  if (n == 0) return;
  for_rows(rows, n, [=](int64_t row) {
    T largest;
    T* to = y + row * n;
    const T scale = 1 / vectorized<exponentials<T>>(n, x + row * n, to, largest);
    for (int64_t j = 0; j < n; ++j) to[j] *= scale;
  });
}

template <class T>
void softmax_gradient(int64_t rows, int64_t n, const T* g, const T* y, T* dx) {
  for_rows(rows, n, [=](int64_t row) {
    const T *u = g + row * n, *v = y + row * n;
    T sum = 0;
    for (int64_t j = 0; j < n; ++j) sum += u[j] * v[j];
    for (int64_t j = 0; j < n; ++j) dx[row * n + j] = v[j] * (u[j] - sum);
  });
}

template <class T>
void log_softmax(int64_t rows, int64_t n, const T* x, T* y) {
  if (n == 0) return;
  for_rows(rows, n, [=](int64_t row) {
    T largest;
    T* to = y + row * n;
    const T total = vectorized<exponentials<T>>(n, x + row * n, to, largest);
    const T shift = log(total);
    for (int64_t j = 0; j < n; ++j) to[j] = x[row * n + j] - largest - shift;
  });
}

template <class T>
void log_softmax_gradient(int64_t rows, int64_t n, const T* g, const T* y, T* dx) {
  for_rows(rows, n, [=](int64_t row) {
    const T *u = g + row * n, *v = y + row * n;
    const T total = sum_of(n, u);
    for (int64_t j = 0; j < n; ++j) dx[row * n + j] = u[j] - exp(v[j]) * total;
  });
}

template <class T>
void cross_entropy(int64_t rows, int64_t n, const T* x, const LabelTargets<T>& targets, T* loss,
                   T* p) {
  const T spread = static_cast<T>(targets.smoothing / static_cast<double>(n));
  const T sharp = static_cast<T>(1 - targets.smoothing);
  for_rows(rows, n, [=](int64_t row) {
    const T* from = x + row * n;
    T* to = p + row * n;
    T largest;
    const T total = vectorized<exponentials<T>>(n, from, to, largest);
    const T shift = log(total), scale = 1 / total;
    const auto surprise = [&](int64_t j) {
      return (targets.weight ? targets.weight[j] : T{1}) * (largest - from[j] + shift);
    };
    T value = sharp * surprise(targets.labels[row]);
    if (spread != 0)
      for (int64_t j = 0; j < n; ++j) value += spread * surprise(j);
    loss[row] = value;
    for (int64_t j = 0; j < n; ++j) to[j] *= scale;
  });
}

template <class T>
void cross_entropy_gradient(int64_t rows, int64_t n, const T* g, const T* p,
                            const LabelTargets<T>& targets, T* dx) {
  const T spread = static_cast<T>(targets.smoothing / static_cast<double>(n));
  const T sharp = static_cast<T>(1 - targets.smoothing);
  const T spread_total = spread == 0 ? T{0} : spread * weight_sum(n, targets);
  for_rows(rows, n, [=](int64_t row) {
    const int64_t label = targets.labels[row];
    const T hit = (targets.weight ? targets.weight[label] : T{1}) * sharp;
    const T scale = g[row] * (hit + spread_total);
    T* to = dx + row * n;
    for (int64_t j = 0; j < n; ++j) to[j] = scale * p[row * n + j];
    if (spread != 0)
      for (int64_t j = 0; j < n; ++j)
        to[j] -= g[row] * spread * (targets.weight ? targets.weight[j] : T{1});
    to[label] -= g[row] * hit;
  });
}

#define GRADUS_INSTANTIATE(T)                                                              \
  template void softmax(int64_t, int64_t, const T*, T*);                                   \
  template void softmax_gradient(int64_t, int64_t, const T*, const T*, T*);                \
  template void log_softmax(int64_t, int64_t, const T*, T*);                               \
  template void log_softmax_gradient(int64_t, int64_t, const T*, const T*, T*);            \
  template void cross_entropy(int64_t, int64_t, const T*, const LabelTargets<T>&, T*, T*); \
  template void cross_entropy_gradient(int64_t, int64_t, const T*, const T*,               \
                                       const LabelTargets<T>&, T*);
GRADUS_INSTANTIATE(float)
GRADUS_INSTANTIATE(double)
#undef GRADUS_INSTANTIATE

}  // namespace gradus::kernels
