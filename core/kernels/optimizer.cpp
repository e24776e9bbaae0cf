#include "core/kernels/optimizer.hpp"

#include <algorithm>
#include <cmath>

#include "core/kernels/kernel.hpp"
#include "core/parallel.hpp"

namespace gradus::kernels {

// Elements a thread takes at a time: enough to outweigh waking it.
static constexpr int64_t grain = 1 << 14;

// p, g[n]
template <class T>
GRADUS_KERNEL void sgd_range(int64_t n, const SgdUpdate& update, const T* __restrict g,
                             T* __restrict p) {
  const T lr = static_cast<T>(update.lr), decay = static_cast<T>(update.weight_decay),
          shrink = static_cast<T>(update.shrink);
  for (int64_t i = 0; i < n; ++i) p[i] = shrink * p[i] - lr * (g[i] + decay * p[i]);
}

// p, g, v[n]
template <bool nesterov, class T>
GRADUS_KERNEL void momentum_range(int64_t n, const SgdUpdate& update, const T* __restrict g,
                                  T* __restrict p, T* __restrict v) {
  const T lr = static_cast<T>(update.lr), decay = static_cast<T>(update.weight_decay),
          shrink = static_cast<T>(update.shrink), momentum = static_cast<T>(update.momentum),
          undamped = static_cast<T>(1 - update.dampening);
  for (int64_t i = 0; i < n; ++i) {
    const T slope = g[i] + decay * p[i];
    const T speed = momentum * v[i] + undamped * slope;
    v[i] = speed;
    p[i] = shrink * p[i] - lr * (nesterov ? slope + momentum * speed : speed);
  }
}

// p, g, m, v, v_max[n]; v_max is used only where `largest`
template <bool largest, class T>
GRADUS_KERNEL void adam_range(int64_t n, const AdamUpdate& update, const T* __restrict g,
                              T* __restrict p, T* __restrict m, T* __restrict v,
                              T* __restrict v_max) {
  const T rate = static_cast<T>(update.lr / update.correction1),
          scale = static_cast<T>(1 / std::sqrt(update.correction2)),
          eps = static_cast<T>(update.eps), decay = static_cast<T>(update.weight_decay),
          shrink = static_cast<T>(update.shrink), beta1 = static_cast<T>(update.beta1),
          beta2 = static_cast<T>(update.beta2), rest1 = static_cast<T>(1 - update.beta1),
          rest2 = static_cast<T>(1 - update.beta2);
  for (int64_t i = 0; i < n; ++i) {
    const T slope = g[i] + decay * p[i];
    const T mean = beta1 * m[i] + rest1 * slope;
    T square = beta2 * v[i] + rest2 * slope * slope;
    m[i] = mean;
    v[i] = square;
    if constexpr (largest) v_max[i] = square = v_max[i] > square ? v_max[i] : square;
    p[i] = shrink * p[i] - rate * mean / (std::sqrt(square) * scale + eps);
  }
}

template <class T>
void sgd(int64_t n, const SgdUpdate& update, const T* g, T* p, T* v) {
  parallel_for(n, grain, [&](int64_t begin, int64_t end) {
    if (v && update.nesterov)
      momentum_range<true>(end - begin, update, g + begin, p + begin, v + begin);
    else if (v)
      momentum_range<false>(end - begin, update, g + begin, p + begin, v + begin);
    else
      sgd_range(end - begin, update, g + begin, p + begin);
  });
}

template <class T>
void adam(int64_t n, const AdamUpdate& update, const T* g, T* p, T* m, T* v, T* v_max) {
  parallel_for(n, grain, [&](int64_t begin, int64_t end) {
    if (v_max)
      adam_range<true>(end - begin, update, g + begin, p + begin, m + begin, v + begin,
                       v_max + begin);
    else
      adam_range<false>(end - begin, update, g + begin, p + begin, m + begin, v + begin, v_max);
  });
}

#define GRADUS_INSTANTIATE(T)                                     \
  template void sgd(int64_t, const SgdUpdate&, const T*, T*, T*); \
  template void adam(int64_t, const AdamUpdate&, const T*, T*, T*, T*, T*);
GRADUS_INSTANTIATE(float)
GRADUS_INSTANTIATE(double)
#undef GRADUS_INSTANTIATE

}  // namespace gradus::kernels
