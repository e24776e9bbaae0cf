#include "layers/convolution.hpp"

#include "core/ops/shape.hpp"
#include "layers/shown.hpp"

namespace gradus::layers {
namespace {

template <class Options>
ConvolutionOptions operation_options(const Options& o) {
  return {.stride = o.stride, .padding = o.padding, .dilation = o.dilation, .groups = o.groups};
}

// Checks that the three kinds of options share.
template <class Options>
void check(const char* layer, const Options& o) {
  require_positive(layer, "in_channels", o.in_channels);
  require_positive(layer, "out_channels", o.out_channels);
  require_positive(layer, "kernel", o.kernel);
  gradus::detail::check_convolution(layer, operation_options(o));
  require(o.in_channels % o.groups == 0 && o.out_channels % o.groups == 0, layer,
          "groups must divide in_channels and out_channels, got {} for {} and {}", o.groups,
          o.in_channels, o.out_channels);
}

template <class Options>
std::string describe(const char* layer, const Options& o, const std::string& more = "") {
  return fmt::format("{}({}, {}, kernel={}{}{}{}{}{}{})", layer, o.in_channels, o.out_channels,
                     to_string(Pair(o.kernel)), shown("stride", o.stride, 1),
                     shown("padding", o.padding, 0), more, shown("dilation", o.dilation, 1),
                     shown("groups", o.groups, 1), o.bias ? "" : ", bias=false");
}

Shape weight_shape(const Conv2dOptions& o) {
  check("conv2d", o);
  return {o.out_channels, o.in_channels / o.groups, o.kernel.height, o.kernel.width};
}

Shape weight_shape(const Conv1dOptions& o) {
  check("conv1d", o);
  return {o.out_channels, o.in_channels / o.groups, o.kernel};
}

Shape weight_shape(const ConvTranspose2dOptions& o) {
  check("conv_transpose2d", o);
  gradus::detail::check_output_padding("conv_transpose2d", o.output_padding, operation_options(o));
  return {o.in_channels, o.out_channels / o.groups, o.kernel.height, o.kernel.width};
}

}  // namespace

Conv2d::Conv2d(const Conv2dOptions& options, Rng& rng)
    : Layer(weight_shape(options), options.out_channels, options.bias, rng), options_(options) {}

Tensor Conv2d::forward(const Tensor& x) {
  return multiply(x, [this](const Tensor& input, const Tensor& w, const Tensor& added) {
    return conv2d(input, w, added, operation_options(options_));
  });
}

std::string Conv2d::description() const {
  return described(describe("Conv2d", options_));
}

Conv1d::Conv1d(const Conv1dOptions& options, Rng& rng)
    : Layer(weight_shape(options), options.out_channels, options.bias, rng), options_(options) {}

Tensor Conv1d::forward(const Tensor& x) {
  return multiply(x, [&o = options_](const Tensor& input, const Tensor& w, const Tensor& added) {
    return conv1d(
        input, w, added,
        {.stride = o.stride, .padding = o.padding, .dilation = o.dilation, .groups = o.groups});
  });
}

std::string Conv1d::description() const {
  return described(describe("Conv1d", options_));
}

ConvTranspose2d::ConvTranspose2d(const ConvTranspose2dOptions& options, Rng& rng)
    : Layer(weight_shape(options), options.out_channels, options.bias, rng), options_(options) {}

Tensor ConvTranspose2d::forward(const Tensor& x) {
  return multiply(x, [this](const Tensor& input, const Tensor& w, const Tensor& added) {
    return conv_transpose2d(input, w, added, operation_options(options_), options_.output_padding);
  });
}

Tensor ConvTranspose2d::outputs_first(const Tensor& w) const {
  const int64_t groups = options_.groups, rows = w.size(0) / groups, columns = w.size(1);
  const int64_t height = w.size(2), width = w.size(3);
  return reshape(transpose(reshape(w, {groups, rows, columns, height, width}), 1, 2),
                 {groups * columns, rows, height, width});
}

std::string ConvTranspose2d::description() const {
  return described(
      describe("ConvTranspose2d", options_, shown("output_padding", options_.output_padding, 0)));
}

int64_t ConvTranspose2d::flops(const Shape& input, const Shape&) const {
  return 2 * input.numel() * (weight.numel() / weight.size(0));
}

}  // namespace gradus::layers
