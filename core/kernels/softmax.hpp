// softmax, log_softmax, cross_entropy: of rows of logits.
#pragma once

#include <cstdint>

namespace gradus::kernels {

/// y[i, j] = e^x[i, j] / Σₖ e^x[i, k]; x, y (rows, n)
template <class T>
void softmax(int64_t rows, int64_t n, const T* x, T* y);
/// dx[i, j] = y[i, j]·(g[i, j] − Σₖ g[i, k]·y[i, k]); all (rows, n)
template <class T>
void softmax_gradient(int64_t rows, int64_t n, const T* g, const T* y, T* dx);

/// y[i, j] = x[i, j] − log Σₖ e^x[i, k]; x, y (rows, n)
template <class T>
void log_softmax(int64_t rows, int64_t n, const T* x, T* y);
/// dx[i, j] = g[i, j] − e^y[i, j]·Σₖ g[i, k]; all (rows, n)
template <class T>
void log_softmax_gradient(int64_t rows, int64_t n, const T* g, const T* y, T* dx);

/// The targets of rows of logits: q[i, j] = w[j]·((1 − smoothing)·[j = label[i]] + smoothing/n).
template <class T>
struct LabelTargets {
  const int64_t* labels;  ///< (rows)
  const T* weight;        ///< (n), or null for ones
  double smoothing;
};

/// loss[i] = −Σⱼ q[i, j]·log p[i, j] with p = softmax(x); x, p (rows, n), loss (rows)
template <class T>
void cross_entropy(int64_t rows, int64_t n, const T* x, const LabelTargets<T>& targets, T* loss,
                   T* p);
/// dx[i, j] = g[i]·(p[i, j]·Σₖ q[i, k] − q[i, j]); p, dx (rows, n), g (rows)
template <class T>
void cross_entropy_gradient(int64_t rows, int64_t n, const T* g, const T* p,
                            const LabelTargets<T>& targets, T* dx);

}  // namespace gradus::kernels
