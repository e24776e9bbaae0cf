#include "core/kernels/conv/plan.hpp"

#include "core/parallel.hpp"

namespace gradus::kernels {

std::optional<ConvolutionPlan> input_gradient_plan(const ConvolutionPlan& p) {
  ConvolutionPlan back = p;
  back.c = p.k;
  back.k = p.c;
  back.h = p.oh;
  back.w = p.ow;
  back.oh = p.h;
  back.ow = p.w;
  back.padding_h = (p.kh - 1) * p.dilation_h - p.padding_h;
  back.padding_w = (p.kw - 1) * p.dilation_w - p.padding_w;
  // A convolution doesn't compute pixels that no window covers (a transposed convolution's output
  // padding).
  const bool reached = p.h == p.oh + (p.kh - 1) * p.dilation_h - 2 * p.padding_h &&
                       p.w == p.ow + (p.kw - 1) * p.dilation_w - 2 * p.padding_w;
  if (p.stride_h != 1 || p.stride_w != 1 || back.padding_h < 0 || back.padding_w < 0 || !reached)
    return {};
  return back;
}

WindowSide::WindowSide(int64_t index, int64_t extent, int64_t kernel, int64_t padding,
                       int64_t dilation)
    : begin(std::min(kernel, chunk_count(std::max<int64_t>(0, padding - index), dilation))),
      end(std::clamp(chunk_count(padding + extent - index, dilation), begin, kernel)),
      pixel(index - padding + begin * dilation) {}

WindowSide rows_inside(const ConvolutionPlan& p, int64_t i) {
  return {i, p.h, p.kh, p.padding_h, p.dilation_h};
}

WindowSide columns_inside(const ConvolutionPlan& p, int64_t j) {
  return {j, p.w, p.kw, p.padding_w, p.dilation_w};
}

}  // namespace gradus::kernels
