#include "core/kernels/conv/frame.hpp"

#include "core/kernels/simd/lanes.hpp"
#include "core/kernels/simd/vectorized.hpp"

namespace gradus::kernels {

template <class T>
static void copy_lines(const ConvolutionPlan& p, const Frame& frame, const T* x, T* framed) {
  for (int64_t c = 0; c < frame.channels; ++c)
    for (int64_t i = 0; i < p.h; ++i)
      copy_line(x + (c * p.h + i) * p.w, p.w,
                framed + (c * frame.height + p.padding_h + i) * frame.width + p.padding_w);
}

std::vector<int64_t> window_offsets(const ConvolutionPlan& p, const Frame& frame) {
  std::vector<int64_t> offsets;
  for (int64_t c = 0; c < frame.channels; ++c)
    for (int64_t r = 0; r < p.kh; ++r)
      for (int64_t s = 0; s < p.kw; ++s)
        offsets.push_back((c * frame.height + r * p.dilation_h) * frame.width + s * p.dilation_w);
  return offsets;
}

template <class T>
void put_in_frame(const ConvolutionPlan& p, const Frame& frame, const T* x, T* framed) {
  if (frame.is_image)
    std::copy_n(x, frame.channels * p.h * p.w, framed);
  else
    vectorized<copy_lines<T>>(p, frame, x, framed);
}

template void put_in_frame(const ConvolutionPlan&, const Frame&, const float*, float*);
template void put_in_frame(const ConvolutionPlan&, const Frame&, const double*, double*);

}  // namespace gradus::kernels
