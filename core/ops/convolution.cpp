#include "core/ops/convolution.hpp"

#include "core/autograd.hpp"
#include "core/kernels/conv/convolution.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/shape.hpp"

namespace gradus {
namespace {

using kernels::ConvolutionPlan;

// What every convolution of these tensors shares; x has `channels` of them in all groups.
void check_operands(const char* operation, const Tensor& x, const Tensor& weight,
                    const Tensor& bias, int64_t channels, int64_t filters, int64_t groups) {
  require(x.rank() == 4, operation, "needs images (N, C, H, W), got {}", x.shape());
  require_positive(operation, "the window", {weight.size(2), weight.size(3)});
  require_at_least(0, operation, "the image", {x.size(2), x.size(3)});
  require(x.size(1) == channels, operation,
          "input has {} channels, weight expects {}: input {}, weight {}", x.size(1), channels,
          x.shape(), weight.shape());
  require(weight.size(0) % groups == 0, operation, "{} groups don't divide {} filters", groups,
          weight.size(0));
  require(!bias.defined() || bias.shape() == Shape{filters}, operation, "bias {} isn't ({})",
          bias.defined() ? bias.shape() : Shape{}, filters);
  require(x.dtype() == weight.dtype() && (!bias.defined() || bias.dtype() == x.dtype()), operation,
          "input is {}, weight {}{}", to_string(x.dtype()), to_string(weight.dtype()),
          bias.defined() ? fmt::format(", bias {}", to_string(bias.dtype())) : "");
}

// The plan of the convolution that takes images `x` to (n, k, oh, ow).
ConvolutionPlan plan_for(const Shape& x, const Shape& weight, int64_t oh, int64_t ow,
                         const ConvolutionOptions& o) {
  return {.n = x[0],
          .c = x[1],
          .h = x[2],
          .w = x[3],
          .k = weight[0],
          .kh = weight[2],
          .kw = weight[3],
          .oh = oh,
          .ow = ow,
          .stride_h = o.stride.height,
          .stride_w = o.stride.width,
          .padding_h = o.padding.height,
          .padding_w = o.padding.width,
          .dilation_h = o.dilation.height,
          .dilation_w = o.dilation.width,
          .groups = o.groups};
}

// The three convolutions are bilinear, and each other's gradients: with y = x * w and an upstream
// gradient g, each of them takes two of (x, w, g) to the third.
Tensor forward(const ConvolutionPlan&, const Tensor& x, const Tensor& w, const Tensor& bias);
Tensor by_input(const ConvolutionPlan&, const Tensor& g, const Tensor& w);
Tensor by_weight(const ConvolutionPlan&, const Tensor& x, const Tensor& g);

Tensor forward(const ConvolutionPlan& plan, const Tensor& x, const Tensor& w, const Tensor& bias) {
  Tensor y = Tensor::empty({plan.n, plan.k, plan.oh, plan.ow}, x.dtype());
  dispatch_floating("conv2d", x.dtype(), [&]<class T>(T) {
    kernels::convolution(plan, x.data<T>(), w.data<T>(), bias ? bias.data<T>() : nullptr,
                         y.mutable_data<T>());
  });
  // The bias goes in as (k, 1, 1), the shape that its gradient is summed back to.
  const Tensor added = bias ? reshape(bias, {plan.k, 1, 1}) : bias;
  return record("conv2d", {x, w, added}, y, [plan, x = save(x), w = save(w)](const Tensor& g) {
    return Tensors{x.requires_grad() ? by_input(plan, g, w) : Tensor(),
                   w.requires_grad() ? by_weight(plan, x, g) : Tensor(), g};
  });
}

Tensor by_input(const ConvolutionPlan& plan, const Tensor& g, const Tensor& w) {
  Tensor dx = Tensor::empty({plan.n, plan.c, plan.h, plan.w}, g.dtype());
  dispatch_floating("conv2d", g.dtype(), [&]<class T>(T) {
    kernels::convolution_input_gradient(plan, g.data<T>(), w.data<T>(), dx.mutable_data<T>());
  });
  return record("conv2d_by_input", {g, w}, dx, [plan, g = save(g), w = save(w)](const Tensor& u) {
    return Tensors{g.requires_grad() ? forward(plan, u, w, {}) : Tensor(),
                   w.requires_grad() ? by_weight(plan, u, g) : Tensor()};
  });
}

Tensor by_weight(const ConvolutionPlan& plan, const Tensor& x, const Tensor& g) {
  Tensor dw = Tensor::empty({plan.k, plan.c / plan.groups, plan.kh, plan.kw}, x.dtype());
  dispatch_floating("conv2d", x.dtype(), [&]<class T>(T) {
    kernels::convolution_weight_gradient(plan, x.data<T>(), g.data<T>(), dw.mutable_data<T>());
  });
  return record("conv2d_by_weight", {x, g}, dw, [plan, x = save(x), g = save(g)](const Tensor& u) {
    return Tensors{x.requires_grad() ? by_input(plan, g, u) : Tensor(),
                   g.requires_grad() ? forward(plan, x, u, {}) : Tensor()};
  });
}

}  // namespace

void detail::check_convolution(const char* operation, const ConvolutionOptions& o) {
  require_positive(operation, "stride", o.stride);
  require_at_least(0, operation, "padding", o.padding);
  require_positive(operation, "dilation", o.dilation);
  require_positive(operation, "groups", o.groups);
}

void detail::check_output_padding(const char* operation, const Pair& output_padding,
                                  const ConvolutionOptions& o) {
  require_at_least(0, operation, "output_padding", output_padding);
  require(output_padding.height < std::max(o.stride.height, o.dilation.height) &&
              output_padding.width < std::max(o.stride.width, o.dilation.width),
          operation, "output_padding is smaller than stride or dilation, got {}",
          to_string(output_padding));
}

Shape conv2d_shape(const Shape& x, const Shape& weight, const ConvolutionOptions& options) {
  detail::check_convolution("conv2d", options);
  require(x.rank() == 4, "conv2d", "needs images (N, C, H, W), got {}", x);
  require(weight.rank() == 4, "conv2d", "needs weight (K, C/groups, kh, kw), got {}", weight);
  const auto [stride, padding, dilation, groups] = options;
  require_positive("conv2d", "the window", {weight[2], weight[3]});
  require_at_least(0, "conv2d", "the image", {x[2], x[3]});
  const auto extent = [](int64_t in, int64_t kernel, int64_t step, int64_t zeros, int64_t apart) {
    const int64_t room = in + 2 * zeros - apart * (kernel - 1) - 1;
    return room < 0 ? 0 : room / step + 1;
  };
  const int64_t oh = extent(x[2], weight[2], stride.height, padding.height, dilation.height);
  const int64_t ow = extent(x[3], weight[3], stride.width, padding.width, dilation.width);
  require(oh > 0 && ow > 0, "conv2d",
          "the window doesn't fit into the padded image: input {}, "
          "weight {}, padding {}, dilation {}",
          x, weight, to_string(padding), to_string(dilation));
  // Kernels count in the padded image, of which a shape's limit makes sure that they can.
  Shape({x[1], x[2] + 2 * padding.height, x[3] + 2 * padding.width});
  return {x[0], weight[0], oh, ow};
}

Tensor conv2d(const Tensor& x, const Tensor& weight, const Tensor& bias,
              const ConvolutionOptions& options) {
  const Shape y = conv2d_shape(x.shape(), weight.shape(), options);
  check_operands("conv2d", x, weight, bias, weight.size(1) * options.groups, weight.size(0),
                 options.groups);
  return forward(plan_for(x.shape(), weight.shape(), y[2], y[3], options), x, weight, bias);
}

Tensor conv1d(const Tensor& x, const Tensor& weight, const Tensor& bias,
              const Convolution1dOptions& options) {
  require(x.rank() == 3 && weight.rank() == 3, "conv1d",
          "needs input (N, C, L) and weight (K, C/groups, k), got {} and {}", x.shape(),
          weight.shape());
  const Tensor y = conv2d(reshape(x, x.shape().inserted(2, 1)),
                          reshape(weight, weight.shape().inserted(2, 1)), bias,
                          {.stride = {1, options.stride},
                           .padding = {0, options.padding},
                           .dilation = {1, options.dilation},
                           .groups = options.groups});
  return reshape(y, y.shape().without(2));
}

Tensor conv_transpose2d(const Tensor& x, const Tensor& weight, const Tensor& bias,
                        const ConvolutionOptions& options, Pair output_padding) {
  detail::check_convolution("conv_transpose2d", options);
  require(weight.rank() == 4, "conv_transpose2d", "needs weight (K, C/groups, kh, kw), got {}",
          weight.shape());
  const int64_t channels = weight.size(1) * options.groups;
  check_operands("conv_transpose2d", x, weight, bias, weight.size(0), channels, options.groups);
  detail::check_output_padding("conv_transpose2d", output_padding, options);
  const auto extent = [](int64_t in, int64_t kernel, int64_t stride, int64_t padding,
                         int64_t dilation, int64_t extra) {
    return (in - 1) * stride - 2 * padding + dilation * (kernel - 1) + extra + 1;
  };
  const int64_t h = extent(x.size(2), weight.size(2), options.stride.height, options.padding.height,
                           options.dilation.height, output_padding.height);
  const int64_t w = extent(x.size(3), weight.size(3), options.stride.width, options.padding.width,
                           options.dilation.width, output_padding.width);
  require(h > 0 && w > 0, "conv_transpose2d", "the result would be empty: input {}, weight {}",
          x.shape(), weight.shape());
  Shape({channels, h + 2 * options.padding.height, w + 2 * options.padding.width});
  const Tensor y =
      by_input(plan_for({x.size(0), channels, h, w}, weight.shape(), x.size(2), x.size(3), options),
               x, weight);
  return bias ? y + reshape(bias, {channels, 1, 1}) : y;
}

}  // namespace gradus
