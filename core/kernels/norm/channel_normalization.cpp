#include "core/kernels/norm/channel_normalization.hpp"

namespace gradus::kernels {

template <class T>
void channel_moments(const GroupPlan& p, const T* x, double* mean, T* variance) {
  const auto shift = [&](int64_t channel) { return p.centred ? x[channel * p.inner] : T{0}; };
  const auto sums = channel_sums(p, [&](int64_t plane, int64_t channel) {
    return shifted_sums(p.inner, x + plane * p.inner, shift(channel));
  });
  for (int64_t channel = 0; channel < p.groups; ++channel)
    moments_from_sums(p, shift(channel), sums[channel].first, sums[channel].second, mean[channel],
                      variance[channel]);
}

template <class T>
void normalize_channels(const GroupPlan& p, const T* x, const double* mean, const T* rstd,
                        const T* weight, const T* bias, T* y) {
  for_planes(p, [&](int64_t plane, int64_t channel) {
    normalize_range(p.inner, x + plane * p.inner, Centre<T>(mean[channel]),
                    weight ? rstd[channel] * weight[channel] : rstd[channel],
                    bias ? bias[channel] : T{0}, y + plane * p.inner);
  });
}

template <class T>
std::vector<ChannelGradient<T>> channel_gradients(const GroupPlan& p,
                                                  const std::vector<RowSums<double>>& sums,
                                                  const double* mean, const T* rstd,
                                                  const T* weight, T* dweight, T* dbias) {
  std::vector<ChannelGradient<T>> gradients;
  for (int64_t channel = 0; channel < p.groups; ++channel) {
    const auto [first, second] = sums[channel];
    const T r = rstd[channel], w = weight ? weight[channel] : T{1};
    const auto [a, c] = projection(p, w * first, w * second, r);
    gradients.push_back({w * r, Centre<T>(mean[channel]), a, c});
    if (dbias) dbias[channel] = static_cast<T>(first);
    if (dweight) dweight[channel] = static_cast<T>(second * r);
  }
  return gradients;
}

template <class T>
void channel_gradient(const GroupPlan& p, const T* g, const T* x, const double* mean, const T* rstd,
                      const T* weight, T* dx, T* dweight, T* dbias) {
  const auto sums = channel_sums(p, [&](int64_t plane, int64_t channel) {
    return gradient_sums<T>(p.inner, g + plane * p.inner, x + plane * p.inner, nullptr,
                            Centre<T>(mean[channel]));
  });
  const auto gradients = channel_gradients(p, sums, mean, rstd, weight, dweight, dbias);
  if (!dx) return;
  for_planes(p, [&](int64_t plane, int64_t channel) {
    const ChannelGradient<T>& own = gradients[channel];
    gradient_range<T>(p.inner, g + plane * p.inner, x + plane * p.inner, nullptr, own.scale,
                      own.mean, own.a, own.c, dx + plane * p.inner);
  });
}

#define GRADUS_INSTANTIATE(T)                                                                     \
  template void channel_moments(const GroupPlan&, const T*, double*, T*);                         \
  template void normalize_channels(const GroupPlan&, const T*, const double*, const T*, const T*, \
                                   const T*, T*);                                                 \
  template void channel_gradient(const GroupPlan&, const T*, const T*, const double*, const T*,   \
                                 const T*, T*, T*, T*);                                           \
  template std::vector<ChannelGradient<T>> channel_gradients(                                     \
      const GroupPlan&, const std::vector<RowSums<double>>&, const double*, const T*, const T*,   \
      T*, T*);
GRADUS_INSTANTIATE(float)
GRADUS_INSTANTIATE(double)
#undef GRADUS_INSTANTIATE

}  // namespace gradus::kernels
