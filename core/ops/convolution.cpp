#include "core/ops/convolution.hpp"

#include "core/autograd.hpp"
#include "core/kernels/conv/convolution.hpp"
#include "core/ops/detail/checks.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/shape.hpp"

namespace gradus {
namespace {

using detail::data_or_null;
using kernels::ConvolutionPlan;

// An operation in errors. conv1d runs as conv2d of images of height 1, which its errors don't show.
struct Named {
  const char* operation;
  bool is_1d = false;

  Shape shown(const Shape& shape) const { return is_1d ? shape.without(2) : shape; }
  std::string extents(int64_t height, int64_t width) const {
    return is_1d ? fmt::format("{}", width) : fmt::format("{}×{}", height, width);
  }
  std::string shown(const Pair& pair) const { return to_string(is_1d ? Pair(pair.width) : pair); }
};

constexpr Named named_conv1d{"conv1d", true}, named_conv2d{"conv2d"},
    named_conv_transpose2d{"conv_transpose2d"};

// Checks that all convolutions need; x must have `channels` channels in all groups together.
void check_operands(const Named& named, const Tensor& x, const Tensor& weight, const Tensor& bias,
                    int64_t channels, int64_t filters, int64_t groups) {
  const char* const operation = named.operation;
  require(x.rank() == 4, operation, "input must be (N, C, H, W), got {}", x.shape());
  require_positive(operation, "kernel", {weight.size(2), weight.size(3)});
  require_at_least(0, operation, "image", {x.size(2), x.size(3)});
  require(x.size(1) == channels, operation,
          "the input must have the weight's {} channels, got {}: input {}, weight {}", channels,
          x.size(1), named.shown(x.shape()), named.shown(weight.shape()));
  require(weight.size(0) % groups == 0, operation,
          "groups must divide the filters: {} groups, {} filters", groups, weight.size(0));
  require(!bias.defined() || bias.shape() == Shape{filters}, operation, "bias must be ({}), got {}",
          filters, bias.defined() ? bias.shape() : Shape{});
  require(x.dtype() == weight.dtype() && (!bias.defined() || bias.dtype() == x.dtype()), operation,
          "all types must be equal: input {}, weight {}{}", to_string(x.dtype()),
          to_string(weight.dtype()),
          bias.defined() ? fmt::format(", bias {}", to_string(bias.dtype())) : "");
  dispatch_floating(operation, x.dtype(), [](auto) {});
}

// The plan of the convolution from images `x` to (n, k, oh, ow).
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

// The three convolutions are bilinear, and each other's gradients: for y = x * w with an upstream
// gradient g, each of them maps two of (x, w, g) to the third.
Tensor forward(const ConvolutionPlan&, const Tensor& x, const Tensor& w, const Tensor& bias);
Tensor by_input(const ConvolutionPlan&, const Tensor& g, const Tensor& w);
Tensor by_weight(const ConvolutionPlan&, const Tensor& x, const Tensor& g);

Tensor forward(const ConvolutionPlan& plan, const Tensor& x, const Tensor& w, const Tensor& bias) {
  Tensor y = Tensor::empty({plan.n, plan.k, plan.oh, plan.ow}, x.dtype());
  dispatch_floating("conv2d", x.dtype(), [&]<class T>(T) {
    kernels::convolution(plan, x.data<T>(), w.data<T>(), data_or_null<T>(bias),
                         y.mutable_data<T>());
  });
  // The bias is recorded as (k, 1, 1), the shape to which its gradient is summed.
  const Tensor added = bias.defined() ? reshape(bias, {plan.k, 1, 1}) : bias;
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

Shape shape_of(const Named& named, const Shape& x, const Shape& weight,
               const ConvolutionOptions& options) {
  const char* const operation = named.operation;
  require(x.rank() == 4, operation, "input must be (N, C, H, W), got {}", x);
  require(weight.rank() == 4, operation, "weight must be (K, C/groups, kh, kw), got {}", weight);
  const auto [stride, padding, dilation, groups] = options;
  require_positive(operation, "kernel", named.is_1d ? Pair(weight[3]) : Pair(weight[2], weight[3]));
  require_at_least(0, operation, "image", {x[2], x[3]});
  const auto extent = [](int64_t in, int64_t kernel, int64_t step, int64_t zeros, int64_t apart) {
    const int64_t room = in + 2 * zeros - apart * (kernel - 1) - 1;
    return room < 0 ? 0 : room / step + 1;
  };
  const int64_t oh = extent(x[2], weight[2], stride.height, padding.height, dilation.height);
  const int64_t ow = extent(x[3], weight[3], stride.width, padding.width, dilation.width);
  require(oh > 0 && ow > 0, operation,
          "the kernel must not be larger than the padded {}: kernel {} (dilation {}), {} {} "
          "(padding {})",
          named.is_1d ? "sequence" : "image", named.extents(weight[2], weight[3]),
          named.shown(dilation), named.is_1d ? "sequence" : "image", named.extents(x[2], x[3]),
          named.shown(padding));
  // Kernels use offsets in the padded image: Shape throws if it is too large.
  Shape({x[1], x[2] + 2 * padding.height, x[3] + 2 * padding.width});
  return {x[0], weight[0], oh, ow};
}

Tensor convolve(const Named& named, const Tensor& x, const Tensor& weight, const Tensor& bias,
                const ConvolutionOptions& options) {
  const Shape y = shape_of(named, x.shape(), weight.shape(), options);
  check_operands(named, x, weight, bias, weight.size(1) * options.groups, weight.size(0),
                 options.groups);
  return forward(plan_for(x.shape(), weight.shape(), y[2], y[3], options), x, weight, bias);
}

}  // namespace

void detail::check_convolution(const char* operation, const ConvolutionOptions& o) {
  require_positive(operation, "stride", o.stride);
  require_at_least(0, operation, "padding", o.padding);
  require_positive(operation, "dilation", o.dilation);
  require_positive(operation, "groups", o.groups);
}

void detail::check_convolution(const char* operation, const Tensor& x, const Tensor& weight,
                               const ConvolutionOptions& o) {
  check_convolution(operation, o);
  shape_of({operation}, x.shape(), weight.shape(), o);
  check_operands({operation}, x, weight, {}, weight.size(1) * o.groups, weight.size(0), o.groups);
}

void detail::check_output_padding(const char* operation, const Pair& output_padding,
                                  const ConvolutionOptions& o) {
  require_at_least(0, operation, "output_padding", output_padding);
  require(output_padding.height < std::max(o.stride.height, o.dilation.height) &&
              output_padding.width < std::max(o.stride.width, o.dilation.width),
          operation, "output_padding must be smaller than stride or dilation, got {}",
          to_string(output_padding));
}

Shape conv2d_shape(const Shape& x, const Shape& weight, const ConvolutionOptions& options) {
  detail::check_convolution("conv2d", options);
  return shape_of(named_conv2d, x, weight, options);
}

Tensor conv2d(const Tensor& x, const Tensor& weight, const Tensor& bias,
              const ConvolutionOptions& options) {
  const OperationScope scope("conv2d");
  detail::check_convolution("conv2d", options);
  return convolve(named_conv2d, x, weight, bias, options);
}

Tensor conv1d(const Tensor& x, const Tensor& weight, const Tensor& bias,
              const Convolution1dOptions& options) {
  const OperationScope scope("conv1d");
  detail::check_convolution("conv1d", {.stride = options.stride,
                                       .padding = options.padding,
                                       .dilation = options.dilation,
                                       .groups = options.groups});
  require(x.rank() == 3 && weight.rank() == 3, "conv1d",
          "input must be (N, C, L) and weight (K, C/groups, k), got {} and {}", x.shape(),
          weight.shape());
  const Tensor y = convolve(named_conv1d, reshape(x, x.shape().inserted(2, 1)),
                            reshape(weight, weight.shape().inserted(2, 1)), bias,
                            {.stride = {1, options.stride},
                             .padding = {0, options.padding},
                             .dilation = {1, options.dilation},
                             .groups = options.groups});
  return reshape(y, y.shape().without(2));
}

Tensor conv_transpose2d(const Tensor& x, const Tensor& weight, const Tensor& bias,
                        const ConvolutionOptions& options, Pair output_padding) {
  const OperationScope scope("conv_transpose2d");
  detail::check_convolution("conv_transpose2d", options);
  require(weight.rank() == 4, "conv_transpose2d", "weight must be (K, C/groups, kh, kw), got {}",
          weight.shape());
  const int64_t channels = weight.size(1) * options.groups;
  check_operands(named_conv_transpose2d, x, weight, bias, weight.size(0), channels, options.groups);
  detail::check_output_padding("conv_transpose2d", output_padding, options);
  const auto extent = [](int64_t in, int64_t kernel, int64_t stride, int64_t padding,
                         int64_t dilation, int64_t extra) {
    return (in - 1) * stride - 2 * padding + dilation * (kernel - 1) + extra + 1;
  };
  const int64_t h = extent(x.size(2), weight.size(2), options.stride.height, options.padding.height,
                           options.dilation.height, output_padding.height);
  const int64_t w = extent(x.size(3), weight.size(3), options.stride.width, options.padding.width,
                           options.dilation.width, output_padding.width);
  require(h > 0 && w > 0, "conv_transpose2d", "the result must not be empty: input {}, weight {}",
          x.shape(), weight.shape());
  Shape({channels, h + 2 * options.padding.height, w + 2 * options.padding.width});
  const Tensor y =
      by_input(plan_for({x.size(0), channels, h, w}, weight.shape(), x.size(2), x.size(3), options),
               x, weight);
  return bias.defined() ? y + reshape(bias, {channels, 1, 1}) : y;
}

}  // namespace gradus
