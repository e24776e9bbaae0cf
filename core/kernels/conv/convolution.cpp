#include "core/kernels/conv/convolution.hpp"

#include "core/kernels/conv/choose.hpp"
#include "core/kernels/scratch.hpp"

namespace gradus::kernels {

/// rotated (c, k/groups, kh, kw) ← weight (k, c/groups, kh, kw), each kernel rotated by 180°
template <class T>
static void rotate_weight(const ConvolutionPlan& p, const T* weight, T* rotated) {
  const int64_t channels = p.c / p.groups, filters = p.k / p.groups, area = p.kh * p.kw;
  for (int64_t group = 0; group < p.groups; ++group)
    for (int64_t filter = 0; filter < filters; ++filter)
      for (int64_t channel = 0; channel < channels; ++channel) {
        T* to = rotated + ((group * channels + channel) * filters + filter) * area;
        std::reverse_copy(weight, weight + area, to);
        weight += area;
      }
}

template <class T>
void convolution(const ConvolutionPlan& p, const T* x, const T* weight, const T* bias, T* y) {
  if (p.outputs() == 0) return;
  if (p.window() == 0) {
    for (int64_t row = 0; row < p.n * p.k; ++row)
      std::fill_n(y + row * p.pixels(), p.pixels(), bias ? bias[row % p.k] : T{0});
    return;
  }
  switch (forward_kind<T>(p)) {
    case ConvolutionKind::winograd:
      if constexpr (std::is_same_v<T, float>) winograd_convolution(p, x, weight, bias, y);
      return;
    case ConvolutionKind::filters:
      return filter_convolution(p, x, weight, bias, y);
    case ConvolutionKind::images:
      return image_convolution(p, x, weight, bias, y);
    case ConvolutionKind::direct:
      return direct_convolution(p, x, weight, bias, y);
    case ConvolutionKind::columns:
      return column_convolution(p, x, weight, bias, y);
  }
}

template <class T>
void convolution_input_gradient(const ConvolutionPlan& p, const T* g, const T* weight, T* dx) {
  if (p.outputs() == 0 || p.window() == 0) {
    std::fill_n(dx, p.n * p.c * p.h * p.w, T{0});
    return;
  }
  const auto back = input_gradient_plan(p);
  if (!back || forward_kind<T>(*back) == ConvolutionKind::columns)
    return column_input_gradient(p, g, weight, dx);
  Scratch<T> rotated(p.k * p.window());
  rotate_weight(p, weight, rotated.data());
  convolution<T>(*back, g, rotated.data(), nullptr, dx);
}

template <class T>
void convolution_weight_gradient(const ConvolutionPlan& p, const T* x, const T* g, T* dw) {
  if (p.outputs() == 0 || p.window() == 0) {
    std::fill_n(dw, p.k * p.window(), T{0});
    return;
  }
  switch (weight_gradient_kind<T>(p)) {
    case ConvolutionKind::winograd:
      if constexpr (std::is_same_v<T, float>) winograd_weight_gradient(p, x, g, dw);
      return;
    case ConvolutionKind::filters:
      return filter_weight_gradient(p, x, g, dw);
    case ConvolutionKind::images:
    case ConvolutionKind::direct:
      return direct_weight_gradient(p, x, g, dw);
    case ConvolutionKind::columns:
      return column_weight_gradient(p, x, g, dw);
  }
}

#define GRADUS_INSTANTIATE(T)                                                               \
  template void convolution(const ConvolutionPlan&, const T*, const T*, const T*, T*);      \
  template void convolution_input_gradient(const ConvolutionPlan&, const T*, const T*, T*); \
  template void convolution_weight_gradient(const ConvolutionPlan&, const T*, const T*, T*);
GRADUS_INSTANTIATE(float)
GRADUS_INSTANTIATE(double)
#undef GRADUS_INSTANTIATE

}  // namespace gradus::kernels
