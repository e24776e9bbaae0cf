// Conv1d, Conv2d, ConvTranspose2d: convolutions as layers.
#pragma once

#include "core/ops/convolution.hpp"
#include "layers/weighted.hpp"

namespace gradus::layers {

/// Options of Conv2d.
struct Conv2dOptions {
  int64_t in_channels = 0;   ///< channels of the input; required
  int64_t out_channels = 0;  ///< channels of the result; required
  Pair kernel = 0;           ///< height and width of the kernel; required
  Pair stride = 1;           ///< distance between windows, in pixels; positive
  Pair padding = 0;          ///< zeros added on each side
  Pair dilation = 1;         ///< distance between weights, in pixels; positive
  int64_t groups = 1;        ///< number of groups; divides both numbers of channels
  bool bias = true;          ///< adds a learned bias to each output channel
};

/// Two-dimensional convolution, conv2d(): (N, in, H, W) → (N, out, H', W'), weight (out, in/groups,
/// kh, kw), bias (out). The constructors of convolutions throw std::invalid_argument for options
/// outside their ranges.
class Conv2d : public Layer<Conv2d, Weighted> {
 public:
  /// Draws weight and bias from `rng`, uniform within ±1/√fan_in.
  Conv2d(const Conv2dOptions& options, Rng& rng);

  /// The options passed to the constructor.
  const Conv2dOptions& options() const { return options_; }
  Tensor forward(const Tensor& x) override;
  int64_t groups() const override { return options_.groups; }
  std::string description() const override;

 private:
  Conv2dOptions options_;
};

/// Options of Conv1d.
struct Conv1dOptions {
  int64_t in_channels = 0;   ///< channels of the input; required
  int64_t out_channels = 0;  ///< channels of the result; required
  int64_t kernel = 0;        ///< length of the kernel; required
  int64_t stride = 1;        ///< distance between windows, in steps; positive
  int64_t padding = 0;       ///< zeros added at each end
  int64_t dilation = 1;      ///< distance between weights, in steps; positive
  int64_t groups = 1;        ///< number of groups; divides both numbers of channels
  bool bias = true;          ///< adds a learned bias to each output channel
};

/// One-dimensional convolution, conv1d(): (N, in, L) → (N, out, L'), weight (out, in/groups, k),
/// bias (out).
class Conv1d : public Layer<Conv1d, Weighted> {
 public:
  /// Draws weight and bias from `rng`, uniform within ±1/√fan_in.
  Conv1d(const Conv1dOptions& options, Rng& rng);

  /// The options passed to the constructor.
  const Conv1dOptions& options() const { return options_; }
  Tensor forward(const Tensor& x) override;
  int64_t groups() const override { return options_.groups; }
  std::string description() const override;

 private:
  Conv1dOptions options_;
};

/// Options of ConvTranspose2d.
struct ConvTranspose2dOptions {
  int64_t in_channels = 0;   ///< channels of the input; required
  int64_t out_channels = 0;  ///< channels of the result; required
  Pair kernel = 0;           ///< height and width of the kernel; required
  Pair stride = 1;           ///< distance between windows, in pixels of the result; positive
  Pair padding = 0;          ///< removed from each side of the result
  Pair output_padding = 0;   ///< added at bottom and right; smaller than stride or dilation
  Pair dilation = 1;         ///< distance between weights, in pixels; positive
  int64_t groups = 1;        ///< number of groups; divides both numbers of channels
  bool bias = true;          ///< adds a learned bias to each output channel
};

/// Transposed convolution, conv_transpose2d(): (N, in, H, W) → (N, out, H', W'), weight (in,
/// out/groups, kh, kw), bias (out).
class ConvTranspose2d : public Layer<ConvTranspose2d, Weighted> {
 public:
  /// Draws weight and bias from `rng`, uniform within ±1/√(out/groups·kh·kw).
  ConvTranspose2d(const ConvTranspose2dOptions& options, Rng& rng);

  /// The options passed to the constructor.
  const ConvTranspose2dOptions& options() const { return options_; }
  Tensor forward(const Tensor& x) override;
  Tensor outputs_first(const Tensor& w) const override;
  int64_t groups() const override { return options_.groups; }
  std::string description() const override;
  int64_t flops(const Shape& input, const Shape& output) const override;

 private:
  ConvTranspose2dOptions options_;
};

}  // namespace gradus::layers
