#include "core/kernels/norm/pooled_normalization.hpp"

#include <cmath>
#include <tuple>

#include "core/kernels/norm/channel_normalization.hpp"
#include "core/kernels/simd/even_odd.hpp"
#include "core/kernels/simd/vectorized.hpp"

namespace gradus::kernels {
namespace {

template <class T>
struct Channel {
  Centre<T> mean;
  T scale, shift;  // with the rest of the mean

  template <class Values>
  [[gnu::always_inline]] Values normalized(Values x) const {
    return fma(x - mean.head, splat<Values>(scale), splat<Values>(shift));
  }
};

// A vector of windows: their pixels, row by row, and which one is the largest after normalization.
// Finding it again for the gradient costs less than storing it.
template <class T, int64_t size>
struct WindowMaxima {
  using Values = LaneGroup<T, size>;
  using Mask = decltype(Values{} > Values{});
  Values a, b, c, d;
  Mask b_wins, d_wins, below_wins;

  [[gnu::always_inline]] WindowMaxima(const T* upper, int64_t width, const Channel<T>& channel) {
    constexpr std::make_index_sequence<size> each;
    std::tie(a, b) = load_even_odd(upper, each);
    std::tie(c, d) = load_even_odd(upper + width, each);
    // NaN needs no special case: one NaN makes the whole channel NaN.
    b_wins = channel.normalized(b) > channel.normalized(a);
    d_wins = channel.normalized(d) > channel.normalized(c);
    below_wins = channel.normalized(d_wins ? d : c) > channel.normalized(b_wins ? b : a);
  }
  [[gnu::always_inline]] Values largest() const {
    return below_wins ? (d_wins ? d : c) : (b_wins ? b : a);
  }
};

/// y of one image; x (h, w), y (rows, columns)
template <class T>
void pool_plane(const PooledPlan& p, const T* x, Channel<T> channel, T* y) {
  for (int64_t i = 0; i < p.rows(); ++i, y += p.columns())
    for_groups<8>(
        p.columns(), [&](int64_t j, auto size) __attribute__((always_inline)) {
          const WindowMaxima<T, size> windows(x + 2 * (i * p.width + j), p.width, channel);
          const auto maxima = channel.normalized(windows.largest());
          std::memcpy(y + j, &maxima, sizeof maxima);
        });
}

// A sum of groups of both sizes.
template <class T>
struct Total {
  LaneGroup<T, 8> eights = {};
  LaneGroup<T, 4> fours = {};

  template <int64_t size>
  [[gnu::always_inline]] void add(const LaneGroup<T, size>& group) {
    if constexpr (size == 8)
      eights += group;
    else
      fours += group;
  }
  template <int64_t size>
  [[gnu::always_inline]] void add_product(const LaneGroup<T, size>& a,
                                          const LaneGroup<T, size>& b) {
    if constexpr (size == 8)
      eights = fma(a, b, eights);
    else
      fours = fma(a, b, fours);
  }
  T sum() const { return total<T, 8>(eights) + total<T, 4>(fours); }
};

/// Σ g and Σ g·(x − mean) of one image; g (rows, columns), x (h, w)
template <class T>
RowSums<T> window_sums(const PooledPlan& p, const T* g, const T* x, Channel<T> channel) {
  Total<T> first, second;
  for (int64_t i = 0; i < p.rows(); ++i, g += p.columns())
    for_groups<8>(
        p.columns(), [&](int64_t j, auto size) __attribute__((always_inline)) {
          const WindowMaxima<T, size> windows(x + 2 * (i * p.width + j), p.width, channel);
          LaneGroup<T, size> own, lane;
          std::memcpy(&own, g + j, sizeof own);
          // The last group overlaps the one before it: only its new elements count.
          for (int64_t k = 0; k < size; ++k) lane[k] = static_cast<T>(k);
          own = lane < static_cast<T>((size - j % size) % size) ? LaneGroup<T, size>{} : own;
          first.template add<size>(own);
          second.template add_product<size>(own, windows.largest() - channel.mean.head);
        });
  const T sum = first.sum();
  return {sum, second.sum() - channel.mean.rest * sum};
}

/// dx of one image; g goes to each window's largest pixel; g (rows, columns), x and dx (h, w)
template <class T>
void gradient_plane(const PooledPlan& p, const T* g, const T* x, Channel<T> channel,
                    ChannelGradient<T> own, T* dx) {
  const int64_t w = p.width, end = 2 * p.rows() * w;
  own.a -= own.mean.rest * own.c;
  for (int64_t i = 0; i < p.rows(); ++i, g += p.columns())
    for_groups<8>(
        p.columns(), [&](int64_t j, auto size) __attribute__((always_inline)) {
          constexpr std::make_index_sequence<size> each;
          using Values = LaneGroup<T, size>;
          const int64_t at = 2 * (i * w + j);
          const WindowMaxima<T, size> windows(x + at, w, channel);
          Values upstream;
          std::memcpy(&upstream, g + j, sizeof upstream);
          upstream *= own.scale;
          const Values nothing = {}, below = windows.below_wins ? upstream : nothing,
                       above = windows.below_wins ? nothing : upstream;
          const auto gradient = [&](const Values& reached, const Values& pixels)
              __attribute__((always_inline)) {
            return fma(pixels - own.mean.head, splat<Values>(-own.c), reached - own.a);
          };
          interleave(gradient(windows.b_wins ? nothing : above, windows.a),
                     gradient(windows.b_wins ? above : nothing, windows.b), dx + at, each);
          interleave(gradient(windows.d_wins ? nothing : below, windows.c),
                     gradient(windows.d_wins ? below : nothing, windows.d), dx + at + w, each);
        });
  const auto outside = [&](int64_t at) { dx[at] = fma(x[at] - own.mean.head, -own.c, -own.a); };
  if (w % 2)
    for (int64_t at = w - 1; at < end; at += w) outside(at);
  for (int64_t at = end; at < p.images.inner; ++at) outside(at);
}

template <class T>
Channel<T> channel_of(int64_t channel, const double* mean, const T* rstd, const T* weight,
                      const T* bias) {
  const Centre<T> centre(mean[channel]);
  const T scale = weight ? rstd[channel] * weight[channel] : rstd[channel];
  return {centre, scale, (bias ? bias[channel] : T{0}) - centre.rest * scale};
}

}  // namespace

template <class T>
void standardize_max_pool(const PooledPlan& p, const T* x, T eps, const T* weight, const T* bias,
                          double* mean, T* variance, T* rstd, T* y) {
  channel_moments(p.images, x, mean, variance);
  for (int64_t channel = 0; channel < p.images.groups; ++channel)
    rstd[channel] = 1 / std::sqrt(variance[channel] + eps);
  for_planes(p.images, [&](int64_t plane, int64_t channel) {
    vectorized<pool_plane<T>>(p, x + plane * p.images.inner,
                              channel_of(channel, mean, rstd, weight, bias),
                              y + plane * p.windows());
  });
}

template <class T>
void standardize_max_pool_gradient(const PooledPlan& p, const T* g, const T* x, const double* mean,
                                   const T* rstd, const T* weight, const T* bias, T* dx, T* dweight,
                                   T* dbias) {
  const auto sums = channel_sums(p.images, [&](int64_t plane, int64_t channel) {
    return vectorized<window_sums<T>>(p, g + plane * p.windows(), x + plane * p.images.inner,
                                      channel_of(channel, mean, rstd, weight, bias));
  });
  const auto gradients = channel_gradients(p.images, sums, mean, rstd, weight, dweight, dbias);
  if (!dx) return;
  for_planes(p.images, [&](int64_t plane, int64_t channel) {
    vectorized<gradient_plane<T>>(p, g + plane * p.windows(), x + plane * p.images.inner,
                                  channel_of(channel, mean, rstd, weight, bias), gradients[channel],
                                  dx + plane * p.images.inner);
  });
}

#define GRADUS_INSTANTIATE(T)                                                                      \
  template void standardize_max_pool(const PooledPlan&, const T*, T, const T*, const T*, double*,  \
                                     T*, T*, T*);                                                  \
  template void standardize_max_pool_gradient(const PooledPlan&, const T*, const T*,               \
                                              const double*, const T*, const T*, const T*, T*, T*, \
                                              T*);
GRADUS_INSTANTIATE(float)
GRADUS_INSTANTIATE(double)
#undef GRADUS_INSTANTIATE

}  // namespace gradus::kernels
