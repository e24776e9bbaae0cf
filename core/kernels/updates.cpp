#include "core/kernels/updates.hpp"

#include <cmath>

#include "core/kernels/simd/fma.hpp"
#include "core/kernels/simd/vectorized.hpp"
#include "core/parallel.hpp"

namespace gradus::kernels {
namespace {

// Elements per chunk of a thread: enough to outweigh the cost of waking it.
constexpr int64_t grain = 1 << 14;

// p, g[n]
template <class T>
void plain_range(int64_t n, const SgdUpdate& u, const T* __restrict g, T* __restrict p) {
  const T lr = static_cast<T>(u.lr), decay = static_cast<T>(u.weight_decay),
          shrink = static_cast<T>(u.shrink);
  for (int64_t i = 0; i < n; ++i) p[i] = fma(-lr, fma(decay, p[i], g[i]), shrink * p[i]);
}

// p, g, v[n]
template <bool nesterov, class T>
void momentum_range(int64_t n, const SgdUpdate& u, const T* __restrict g, T* __restrict p,
                    T* __restrict v) {
  const T lr = static_cast<T>(u.lr), decay = static_cast<T>(u.weight_decay),
          shrink = static_cast<T>(u.shrink), momentum = static_cast<T>(u.momentum),
          gain = static_cast<T>(u.gain);
  for (int64_t i = 0; i < n; ++i) {
    const T slope = gain * fma(decay, p[i], g[i]);
    const T speed = fma(momentum, v[i], slope);
    v[i] = speed;
    p[i] = fma(-lr, nesterov ? fma(momentum, speed, slope) : speed, shrink * p[i]);
  }
}

template <class T>
void run(int64_t n, const SgdUpdate& u, const T* g, T* p, const State<T>& state) {
  if (!state[0])
    vectorized<plain_range<T>>(n, u, g, p);
  else if (u.nesterov)
    vectorized<momentum_range<true, T>>(n, u, g, p, state[0]);
  else
    vectorized<momentum_range<false, T>>(n, u, g, p, state[0]);
}

// p, g, m, v, w[n]; w is used only if `largest`
template <bool largest, class T>
void adam_range(int64_t n, const AdamUpdate& u, const T* __restrict g, T* __restrict p,
                T* __restrict m, T* __restrict v, T* __restrict w) {
  const T mean_lr = static_cast<T>(u.mean_lr), gradient_lr = static_cast<T>(u.gradient_lr),
          scale = static_cast<T>(u.root_scale), eps = static_cast<T>(u.eps),
          decay = static_cast<T>(u.weight_decay), shrink = static_cast<T>(u.shrink),
          beta1 = static_cast<T>(u.beta1), beta2 = static_cast<T>(u.beta2),
          rest1 = static_cast<T>(1 - u.beta1), rest2 = static_cast<T>(1 - u.beta2);
  for (int64_t i = 0; i < n; ++i) {
    const T slope = fma(decay, p[i], g[i]);
    const T mean = fma(beta1, m[i], rest1 * slope);
    T square = fma(rest2 * slope, slope, beta2 * v[i]);
    m[i] = mean;
    v[i] = square;
    if constexpr (largest) w[i] = square = w[i] > square ? w[i] : square;
    p[i] = fma(shrink, p[i],
               -fma(mean_lr, mean, gradient_lr * slope) / fma(std::sqrt(square), scale, eps));
  }
}

template <class T>
void run(int64_t n, const AdamUpdate& u, const T* g, T* p, const State<T>& state) {
  const auto range = u.largest ? version<adam_range<true, T>>() : version<adam_range<false, T>>();
  range(n, u, g, p, state[0], state[1], state[2]);
}

// p, g, m, largest[n]
template <class T>
void adamax_range(int64_t n, const AdamaxUpdate& u, const T* __restrict g, T* __restrict p,
                  T* __restrict m, T* __restrict largest) {
  const T lr = static_cast<T>(u.lr), eps = static_cast<T>(u.eps),
          decay = static_cast<T>(u.weight_decay), beta1 = static_cast<T>(u.beta1),
          beta2 = static_cast<T>(u.beta2), rest1 = static_cast<T>(1 - u.beta1);
  for (int64_t i = 0; i < n; ++i) {
    const T slope = fma(decay, p[i], g[i]);
    const T mean = fma(beta1, m[i], rest1 * slope);
    const T old = beta2 * largest[i], now = std::abs(slope) + eps;
    const T bound = old > now ? old : now;
    m[i] = mean;
    largest[i] = bound;
    p[i] -= lr * mean / bound;
  }
}

template <class T>
void run(int64_t n, const AdamaxUpdate& u, const T* g, T* p, const State<T>& state) {
  vectorized<adamax_range<T>>(n, u, g, p, state[0], state[1]);
}

// p, g, s[n]
template <class T>
void adagrad_range(int64_t n, const AdagradUpdate& u, const T* __restrict g, T* __restrict p,
                   T* __restrict s) {
  const T lr = static_cast<T>(u.lr), eps = static_cast<T>(u.eps),
          decay = static_cast<T>(u.weight_decay);
  for (int64_t i = 0; i < n; ++i) {
    const T slope = fma(decay, p[i], g[i]);
    const T sum = fma(slope, slope, s[i]);
    s[i] = sum;
    p[i] -= lr * slope / (std::sqrt(sum) + eps);
  }
}

template <class T>
void run(int64_t n, const AdagradUpdate& u, const T* g, T* p, const State<T>& state) {
  vectorized<adagrad_range<T>>(n, u, g, p, state[0]);
}

// p, g, s, a, v[n]; a is used only if `centered`, v only if `momentum`
template <bool centered, bool momentum, class T>
void rmsprop_range(int64_t n, const RmspropUpdate& u, const T* __restrict g, T* __restrict p,
                   T* __restrict s, T* __restrict v, T* __restrict a) {
  const T lr = static_cast<T>(u.lr), eps = static_cast<T>(u.eps),
          decay = static_cast<T>(u.weight_decay), alpha = static_cast<T>(u.alpha),
          rest = static_cast<T>(1 - u.alpha), kept = static_cast<T>(u.momentum);
  for (int64_t i = 0; i < n; ++i) {
    const T slope = fma(decay, p[i], g[i]);
    T square = fma(rest * slope, slope, alpha * s[i]);
    s[i] = square;
    if constexpr (centered) {
      const T mean = fma(alpha, a[i], rest * slope);
      a[i] = mean;
      square = fma(-mean, mean, square);
      square = square < 0 ? T{0} : square;
    }
    T speed = slope / (std::sqrt(square) + eps);
    if constexpr (momentum) v[i] = speed = fma(kept, v[i], speed);
    p[i] = fma(-lr, speed, p[i]);
  }
}

template <class T>
void run(int64_t n, const RmspropUpdate& u, const T* g, T* p, const State<T>& state) {
  if (u.has_velocity) {
    const auto range = u.centered ? version<rmsprop_range<true, true, T>>()
                                  : version<rmsprop_range<false, true, T>>();
    range(n, u, g, p, state[0], state[1], state[2]);
  } else {
    const auto range = u.centered ? version<rmsprop_range<true, false, T>>()
                                  : version<rmsprop_range<false, false, T>>();
    range(n, u, g, p, state[0], nullptr, state[1]);
  }
}

// p, g, s, a[n]
template <class T>
void adadelta_range(int64_t n, const AdadeltaUpdate& u, const T* __restrict g, T* __restrict p,
                    T* __restrict s, T* __restrict a) {
  const T lr = static_cast<T>(u.lr), eps = static_cast<T>(u.eps),
          decay = static_cast<T>(u.weight_decay), rho = static_cast<T>(u.rho),
          rest = static_cast<T>(1 - u.rho);
  for (int64_t i = 0; i < n; ++i) {
    const T slope = fma(decay, p[i], g[i]);
    const T square = fma(rest * slope, slope, rho * s[i]);
    const T delta = std::sqrt(a[i] + eps) / std::sqrt(square + eps) * slope;
    s[i] = square;
    a[i] = fma(rest * delta, delta, rho * a[i]);
    p[i] = fma(-lr, delta, p[i]);
  }
}

template <class T>
void run(int64_t n, const AdadeltaUpdate& u, const T* g, T* p, const State<T>& state) {
  vectorized<adadelta_range<T>>(n, u, g, p, state[0], state[1]);
}

// p, g, m[n]
template <class T>
void lion_range(int64_t n, const LionUpdate& u, const T* __restrict g, T* __restrict p,
                T* __restrict m) {
  const T lr = static_cast<T>(u.lr), shrink = static_cast<T>(u.shrink),
          beta1 = static_cast<T>(u.beta1), beta2 = static_cast<T>(u.beta2),
          rest1 = static_cast<T>(1 - u.beta1), rest2 = static_cast<T>(1 - u.beta2);
  for (int64_t i = 0; i < n; ++i) {
    const T direction = fma(beta1, m[i], rest1 * g[i]);
    const T step = direction > 0 ? lr : direction < 0 ? -lr : T{0};
    p[i] = fma(shrink, p[i], -step);
    m[i] = fma(beta2, m[i], rest2 * g[i]);
  }
}

template <class T>
void run(int64_t n, const LionUpdate& u, const T* g, T* p, const State<T>& state) {
  vectorized<lion_range<T>>(n, u, g, p, state[0]);
}

// p, g, z, x, v[n]
template <class T>
void schedule_free_range(int64_t n, const ScheduleFreeUpdate& u, const T* __restrict g,
                         T* __restrict p, T* __restrict z, T* __restrict x, T* __restrict v) {
  const T lr = static_cast<T>(u.lr), eps = static_cast<T>(u.eps),
          decay = static_cast<T>(u.weight_decay), newest = static_cast<T>(u.newest),
          beta1 = static_cast<T>(u.beta1), beta2 = static_cast<T>(u.beta2),
          rest2 = static_cast<T>(1 - u.beta2);
  for (int64_t i = 0; i < n; ++i) {
    const T square = fma(rest2 * g[i], g[i], beta2 * v[i]);
    const T point = fma(-lr, fma(decay, p[i], g[i] / (std::sqrt(square) + eps)), z[i]);
    const T mean = fma(newest, point - x[i], x[i]);
    v[i] = square;
    z[i] = point;
    x[i] = mean;
    p[i] = fma(beta1, mean - point, point);
  }
}

template <class T>
void run(int64_t n, const ScheduleFreeUpdate& u, const T* g, T* p, const State<T>& state) {
  vectorized<schedule_free_range<T>>(n, u, g, p, state[0], state[1], state[2]);
}

// x, y[n]
template <class T>
void average_range(int64_t n, T weight, const T* __restrict x, T* __restrict y) {
  for (int64_t i = 0; i < n; ++i) y[i] = fma(weight, x[i] - y[i], y[i]);
}

}  // namespace

template <class Update, class T>
void update(int64_t n, const Update& update, const T* g, T* p, const State<T>& state) {
  parallel_for(n, grain, [&](int64_t begin, int64_t end) {
    State<T> part;
    for (std::size_t i = 0; i < state.size(); ++i) part[i] = state[i] ? state[i] + begin : nullptr;
    run(end - begin, update, g + begin, p + begin, part);
  });
}

template <class T>
void average(int64_t n, double weight, const T* x, T* y) {
  parallel_for(n, grain, [&](int64_t begin, int64_t end) {
    vectorized<average_range<T>>(end - begin, static_cast<T>(weight), x + begin, y + begin);
  });
}

#define GRADUS_INSTANTIATE(Update)                                                         \
  template void update(int64_t, const Update&, const float*, float*, const State<float>&); \
  template void update(int64_t, const Update&, const double*, double*, const State<double>&);
GRADUS_INSTANTIATE(SgdUpdate)
GRADUS_INSTANTIATE(AdamUpdate)
GRADUS_INSTANTIATE(AdamaxUpdate)
GRADUS_INSTANTIATE(AdagradUpdate)
GRADUS_INSTANTIATE(RmspropUpdate)
GRADUS_INSTANTIATE(AdadeltaUpdate)
GRADUS_INSTANTIATE(LionUpdate)
GRADUS_INSTANTIATE(ScheduleFreeUpdate)
#undef GRADUS_INSTANTIATE

template void average(int64_t, double, const float*, float*);
template void average(int64_t, double, const double*, double*);

}  // namespace gradus::kernels
