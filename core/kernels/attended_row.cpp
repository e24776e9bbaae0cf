#include "core/kernels/attended_row.hpp"

#include <limits>

#include "core/kernels/simd/exponential.hpp"
#include "core/kernels/simd/lanes.hpp"
#include "core/kernels/simd/logarithm.hpp"
#include "core/kernels/simd/vectorized.hpp"

namespace gradus::kernels {
namespace {

template <class T>
constexpr T infinity = std::numeric_limits<T>::infinity();

// scores (width) ← scale·scores + mask in the lanes of visible keys, whose number is returned, at
// least one vector; 0 in the others
template <class T>
[[gnu::always_inline]] inline int64_t mask_row(int64_t all, T scale, const KeyMask<T>& mask,
                                               T* scores) {
  const int64_t width =
      std::min(all, std::max<int64_t>(1, (mask.visible + lanes - 1) / lanes) * lanes);
  std::fill(scores + width, scores + all, T{0});
  for (int64_t j = 0; j < width; ++j) scores[j] *= scale;
  if (mask.added)
    for (int64_t j = 0; j < mask.visible; ++j) scores[j] += mask.added[j * mask.step];
  if (mask.allowed)
    for (int64_t j = 0; j < mask.visible; ++j)
      scores[j] = mask.allowed[j * mask.step] ? scores[j] : -infinity<T>;
  for (int64_t j = mask.visible; j < width; ++j) scores[j] = -infinity<T>;
  return width;
}

template <class T>
T attend(int64_t all, T scale, const KeyMask<T>& mask, T* scores, RunningSoftmax<T>& softmax) {
  const int64_t width = mask_row(all, scale, mask, scores);
  const T largest = std::max(softmax.largest, largest_of(width, scores));
  // Without a key so far, differences of infinities would be NaN.
  const T shift = largest == -infinity<T> ? T{0} : largest;
  for (int64_t j = 0; j < width; ++j) scores[j] = exp(scores[j] - shift);
  const T factor = exp(softmax.largest - shift);
  softmax = {largest, fma(softmax.sum, factor, sum_of(width, scores))};
  return factor;
}

template <class T>
void weigh(int64_t all, T scale, const KeyMask<T>& mask, T log_sum, T* scores) {
  const int64_t width = mask_row(all, scale, mask, scores);
  for (int64_t j = 0; j < width; ++j) scores[j] = exp(scores[j] - log_sum);
}

template <class T>
void scaled(int64_t n, T factor, T* y) {
  for (int64_t j = 0; j < n; ++j) y[j] *= factor;
}

template <class T>
T dot(int64_t n, const T* a, const T* b) {
  Lanes<T> sums;
  int64_t j = 0;
  for (; j + lanes <= n; j += lanes) sums = fma(Lanes<T>::load(a + j), Lanes<T>::load(b + j), sums);
  T sum = sums.sum();
  for (; j < n; ++j) sum = fma(a[j], b[j], sum);
  return sum;
}

template <class T>
void through_softmax(int64_t n, T scale, T mean, const T* weights, T* dscores) {
  for (int64_t j = 0; j < n; ++j) dscores[j] = scale * (weights[j] * (dscores[j] - mean));
}

}  // namespace

template <class T>
T attend_row(int64_t width, T scale, const KeyMask<T>& mask, T* scores,
             RunningSoftmax<T>& softmax) {
  return vectorized<attend<T>>(width, scale, mask, scores, softmax);
}

template <class T>
void weigh_row(int64_t width, T scale, const KeyMask<T>& mask, T log_sum, T* scores) {
  vectorized<weigh<T>>(width, scale, mask, log_sum, scores);
}

template <class T>
void scale_row(int64_t n, T factor, T* y) {
  vectorized<scaled<T>>(n, factor, y);
}

template <class T>
T dot_row(int64_t n, const T* a, const T* b) {
  return vectorized<dot<T>>(n, a, b);
}

template <class T>
void softmax_row_gradient(int64_t n, T scale, T mean, const T* weights, T* dscores) {
  vectorized<through_softmax<T>>(n, scale, mean, weights, dscores);
}

#define GRADUS_INSTANTIATE(T)                                                      \
  template T attend_row<T>(int64_t, T, const KeyMask<T>&, T*, RunningSoftmax<T>&); \
  template void weigh_row<T>(int64_t, T, const KeyMask<T>&, T, T*);                \
  template void scale_row<T>(int64_t, T, T*);                                      \
  template T dot_row<T>(int64_t, const T*, const T*);                              \
  template void softmax_row_gradient<T>(int64_t, T, T, const T*, T*);
GRADUS_INSTANTIATE(float)
GRADUS_INSTANTIATE(double)
#undef GRADUS_INSTANTIATE

}  // namespace gradus::kernels
