// MaxPool2d, AvgPool2d, AdaptiveAvgPool2d …: pooling of images (N, C, H, W).
#pragma once

#include "core/ops/pooling.hpp"
#include "layers/module.hpp"

namespace gradus::layers {

namespace detail {

/// Returns `options`. Throws std::invalid_argument for a kernel below 1, a negative stride, or
/// padding above half of the kernel.
const PoolingOptions& checked(const char* operation, const PoolingOptions& options);
/// "MaxPool2d(3, stride=2)".
std::string described(const char* layer, const PoolingOptions& options);

}  // namespace detail

/// Pooling by windows; `name` is for description(), `operation` for errors. Throws
/// std::invalid_argument for a kernel below 1, a negative stride, or padding above half of the
/// kernel.
template <FixedString name, FixedString operation,
          Tensor (*function)(const Tensor&, const PoolingOptions&)>
class PoolingLayer : public Layer<PoolingLayer<name, operation, function>> {
 public:
  /// With all options.
  explicit PoolingLayer(const PoolingOptions& options)
      : options_(detail::checked(operation.text, options)) {}
  /// Adjacent windows of kernel × kernel.
  explicit PoolingLayer(int64_t kernel) : PoolingLayer(PoolingOptions{.kernel = kernel}) {}
  Tensor forward(const Tensor& x) override { return function(x, options_); }
  std::string description() const override { return detail::described(name.text, options_); }
  const PoolingOptions* max_pooling() const override {
    return function == max_pool2d ? &options_ : nullptr;
  }
  /// The options passed to the constructor.
  const PoolingOptions& options() const { return options_; }

 private:
  PoolingOptions options_;
};
/// Max pooling, max_pool2d(): `MaxPool2d(2)` or `MaxPool2d({.kernel = 3, .stride = 2, .padding =
/// 1})`.
using MaxPool2d = PoolingLayer<"MaxPool2d", "max_pool2d", max_pool2d>;
/// Average pooling, avg_pool2d().
using AvgPool2d = PoolingLayer<"AvgPool2d", "avg_pool2d", avg_pool2d>;

/// Pooling to images of a fixed size; `name` is for description(), `operation` for errors.
template <FixedString name, FixedString operation, Tensor (*function)(const Tensor&, Pair output)>
class AdaptivePool : public Layer<AdaptivePool<name, operation, function>> {
 public:
  /// `output`: height and width of the result; positive.
  explicit AdaptivePool(Pair output) : output_(output) {
    require_positive(operation.text, "output", output);
  }
  Tensor forward(const Tensor& x) override { return function(x, output_); }
  std::string description() const override {
    return fmt::format("{}({})", name.text, to_string(output_));
  }

 private:
  Pair output_;
};
/// Max pooling, adaptive_max_pool2d(): for images of any size, the result has `output` height and
/// width.
using AdaptiveMaxPool2d =
    AdaptivePool<"AdaptiveMaxPool2d", "adaptive_max_pool2d", adaptive_max_pool2d>;
/// Average pooling, adaptive_avg_pool2d(): for images of any size, the result has `output` height
/// and width; with output 1 it is the mean of each channel.
using AdaptiveAvgPool2d =
    AdaptivePool<"AdaptiveAvgPool2d", "adaptive_avg_pool2d", adaptive_avg_pool2d>;

}  // namespace gradus::layers
