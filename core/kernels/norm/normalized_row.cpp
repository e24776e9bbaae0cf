#include "core/kernels/norm/normalized_row.hpp"

#include "core/kernels/simd/lanes.hpp"
#include "core/kernels/simd/vectorized.hpp"

namespace gradus::kernels {

// What the functions of the header do.
namespace plain {
namespace {

/// Σ (x − shift) and Σ (x − shift)²; n elements
template <class T>
RowSums<T> shifted_sums(int64_t n, const T* x, T shift) {
  const std::array<T, lanes> last = tail(n, x, shift);
  const Lanes<T> shifts = Lanes<T>::all(shift);
  Lanes<T> first, second;
  for (int64_t i = 0; i < n; i += lanes) {
    const Lanes<T> v = Lanes<T>::load(i + lanes <= n ? x + i : last.data()) - shifts;
    first += v;
    second = fma(v, v, second);
  }
  return {first.sum(), second.sum()};
}

/// Σ g·w and Σ g·w·(x − mean); n elements, w null for 1
template <class T>
RowSums<T> gradient_sums(int64_t n, const T* g, const T* x, const T* w, Centre<T> mean) {
  const std::array<T, lanes> last_g = tail(n, g, T{0}), last_x = tail(n, x, mean.head),
                             last_w = w ? tail(n, w, T{0}) : last_g;
  const Lanes<T> means = Lanes<T>::all(mean.head);
  Lanes<T> first, second;
  for (int64_t i = 0; i < n; i += lanes) {
    const bool whole = i + lanes <= n;
    Lanes<T> v = Lanes<T>::load(whole ? g + i : last_g.data());
    if (w) v = v * Lanes<T>::load(whole ? w + i : last_w.data());
    first += v;
    second = fma(v, Lanes<T>::load(whole ? x + i : last_x.data()) - means, second);
  }
  const T sum = first.sum();
  return {sum, second.sum() - mean.rest * sum};
}

/// y[i] = (x[i] − mean)·scale + shift; n elements
template <class T>
void normalize_range(int64_t n, const T* x, Centre<T> mean, T scale, T shift, T* y) {
  const T head = mean.head;
  shift -= mean.rest * scale;
  for (int64_t i = 0; i < n; ++i) y[i] = fma(x[i] - head, scale, shift);
}

/// y[i] = (x[i] − mean)·scale·w[i] + b[i]; n elements, w null for 1, b null for 0
template <class T>
void normalize_elements(int64_t n, const T* x, Centre<T> mean, T scale, const T* w, const T* b,
                        T* y) {
  const T head = mean.head, shift = -mean.rest * scale;
  if (w && b)
    for (int64_t i = 0; i < n; ++i) y[i] = fma(fma(x[i] - head, scale, shift), w[i], b[i]);
  else if (w)
    for (int64_t i = 0; i < n; ++i) y[i] = fma(x[i] - head, scale, shift) * w[i];
  else
    for (int64_t i = 0; i < n; ++i) y[i] = fma(x[i] - head, scale, shift) + (b ? b[i] : T{0});
}

/// dx[i] = g[i]·scale[·w[i]] − a − (x[i] − mean)·c; n elements, w null for 1
template <class T>
void gradient_range(int64_t n, const T* g, const T* x, const T* w, T scale, Centre<T> mean, T a,
                    T c, T* dx) {
  const T head = mean.head;
  a -= mean.rest * c;
  if (!w) {
    for (int64_t i = 0; i < n; ++i) dx[i] = fma(x[i] - head, -c, fma(g[i], scale, -a));
  } else {
    for (int64_t i = 0; i < n; ++i) dx[i] = fma(x[i] - head, -c, fma(g[i] * w[i], scale, -a));
  }
}

}  // namespace
}  // namespace plain

template <class T>
RowSums<T> shifted_sums(int64_t n, const T* x, T shift) {
  return vectorized<plain::shifted_sums<T>>(n, x, shift);
}

template <class T>
RowSums<T> gradient_sums(int64_t n, const T* g, const T* x, const T* w, Centre<T> mean) {
  return vectorized<plain::gradient_sums<T>>(n, g, x, w, mean);
}

template <class T>
void normalize_range(int64_t n, const T* x, Centre<T> mean, T scale, T shift, T* y) {
  return vectorized<plain::normalize_range<T>>(n, x, mean, scale, shift, y);
}

template <class T>
void normalize_elements(int64_t n, const T* x, Centre<T> mean, T scale, const T* w, const T* b,
                        T* y) {
  return vectorized<plain::normalize_elements<T>>(n, x, mean, scale, w, b, y);
}

template <class T>
void gradient_range(int64_t n, const T* g, const T* x, const T* w, T scale, Centre<T> mean, T a,
                    T c, T* dx) {
  return vectorized<plain::gradient_range<T>>(n, g, x, w, scale, mean, a, c, dx);
}

template <class T>
void moments_from_sums(const GroupPlan& p, T shift, double first, double second, double& mean,
                       T& variance) {
  const double n = static_cast<double>(p.group_size());
  if (!p.centred) first = 0;
  mean = static_cast<double>(shift) + first / n;
  // In this order NaN stays NaN.
  variance = static_cast<T>(std::max((second - first * first / n) / n, 0.0));
}

template <class T>
std::pair<T, T> projection(const GroupPlan& p, double first, double second, T rstd) {
  const double n = static_cast<double>(p.group_size());
  return {p.centred ? static_cast<T>(first / n * rstd) : T{0},
          static_cast<T>(second / n * rstd * rstd * rstd)};
}

#define GRADUS_INSTANTIATE(T)                                                                \
  template RowSums<T> shifted_sums(int64_t, const T*, T);                                    \
  template RowSums<T> gradient_sums(int64_t, const T*, const T*, const T*, Centre<T>);       \
  template void normalize_range(int64_t, const T*, Centre<T>, T, T, T*);                     \
  template void normalize_elements(int64_t, const T*, Centre<T>, T, const T*, const T*, T*); \
  template void moments_from_sums(const GroupPlan&, T, double, double, double&, T&);         \
  template std::pair<T, T> projection(const GroupPlan&, double, double, T);                  \
  template void gradient_range(int64_t, const T*, const T*, const T*, T, Centre<T>, T, T, T*);
GRADUS_INSTANTIATE(float)
GRADUS_INSTANTIATE(double)
#undef GRADUS_INSTANTIATE

}  // namespace gradus::kernels
