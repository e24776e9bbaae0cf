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

/// Maximum pooling, adaptive_max_pool2d(): whatever the image, a result of `output` (positive)
/// height and width.
class AdaptiveMaxPool2d : public Layer<AdaptiveMaxPool2d> {
 public:
  /// `output`: height and width of the result.
  explicit AdaptiveMaxPool2d(Pair output);
  Tensor forward(const Tensor& x) override { return adaptive_max_pool2d(x, output_); }
  std::string description() const override;

 private:
  Pair output_;
};

/// Average pooling, adaptive_avg_pool2d(): whatever the image, a result of `output` height and
/// width; with output 1 the mean of each channel.
class AdaptiveAvgPool2d : public Layer<AdaptiveAvgPool2d> {
 public:
  /// `output`: height and width of the result.
  explicit AdaptiveAvgPool2d(Pair output);
  Tensor forward(const Tensor& x) override { return adaptive_avg_pool2d(x, output_); }
  std::string description() const override;

 private:
  Pair output_;
};

}  // namespace gradus::layers
