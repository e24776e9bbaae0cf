// Pooling of images (N, C, H, W).
#pragma once

#include "core/ops/pooling.hpp"
#include "layers/module.hpp"

namespace gradus::layers {

/// Maximum pooling, max_pool2d(): `MaxPool2d(2)` or `MaxPool2d({.kernel = 3, .stride = 2, .padding
/// = 1})`. Throws std::invalid_argument for a kernel below 1, a negative stride, or padding beyond
/// half the kernel.
class MaxPool2d : public Layer<MaxPool2d> {
 public:
  /// With all options.
  explicit MaxPool2d(const PoolingOptions& options);
  /// Windows of kernel × kernel, side by side.
  explicit MaxPool2d(int64_t kernel) : MaxPool2d(PoolingOptions{.kernel = kernel}) {}
  Tensor forward(const Tensor& x) override { return max_pool2d(x, options_); }
  std::string description() const override;
  const PoolingOptions* max_pooling() const override { return &options_; }
  /// The options that the constructor got.
  const PoolingOptions& options() const { return options_; }

 private:
  PoolingOptions options_;
};

/// Average pooling, avg_pool2d(), with the options and errors of MaxPool2d.
class AvgPool2d : public Layer<AvgPool2d> {
 public:
  /// With all options.
  explicit AvgPool2d(const PoolingOptions& options);
  /// Windows of kernel × kernel, side by side.
  explicit AvgPool2d(int64_t kernel) : AvgPool2d(PoolingOptions{.kernel = kernel}) {}
  Tensor forward(const Tensor& x) override { return avg_pool2d(x, options_); }
  std::string description() const override;

 private:
  PoolingOptions options_;
};

/// Pooling to an image of one size; `name` is for description(), `operation` for errors.
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
/// Maximum pooling, adaptive_max_pool2d(): whatever the image, a result of `output` height and
/// width.
using AdaptiveMaxPool2d =
    AdaptivePool<"AdaptiveMaxPool2d", "adaptive_max_pool2d", adaptive_max_pool2d>;
/// Average pooling, adaptive_avg_pool2d(): whatever the image, a result of `output` height and
/// width; with output 1 the mean of each channel.
using AdaptiveAvgPool2d =
    AdaptivePool<"AdaptiveAvgPool2d", "adaptive_avg_pool2d", adaptive_avg_pool2d>;

}  // namespace gradus::layers
