// Convolutions.
#pragma once

#include "core/ops/convolution.hpp"
#include "layers/weighted.hpp"

namespace gradus::layers {

struct Conv2dOptions {
  int64_t in_channels = 0;   ///< must be given
  int64_t out_channels = 0;  ///< must be given
  Pair kernel = 0;           ///< must be given
  Pair stride = 1;
  Pair padding = 0;  ///< zeros added on each side
  Pair dilation = 1;
  int64_t groups = 1;  ///< divides both numbers of channels
  bool bias = true;
};

/// conv2d: (N, in, H, W) → (N, out, H', W'), weight (out, in/groups, kh, kw), bias (out). The
/// constructors of convolutions throw std::invalid_argument for options outside their ranges.
class Conv2d : public Layer<Conv2d, Weighted> {
 public:
  Conv2d(const Conv2dOptions& options, Rng& rng);

  const Conv2dOptions& options() const { return options_; }
  Tensor forward(const Tensor& x) override;
  std::string description() const override;

 private:
  Conv2dOptions options_;
};

struct Conv1dOptions {
  int64_t in_channels = 0, out_channels = 0, kernel = 0;  ///< must be given
  int64_t stride = 1, padding = 0, dilation = 1, groups = 1;
  bool bias = true;
};

/// conv1d: (N, in, L) → (N, out, L'), weight (out, in/groups, k), bias (out).
class Conv1d : public Layer<Conv1d, Weighted> {
 public:
  Conv1d(const Conv1dOptions& options, Rng& rng);

  const Conv1dOptions& options() const { return options_; }
  Tensor forward(const Tensor& x) override;
  std::string description() const override;

 private:
  Conv1dOptions options_;
};

struct ConvTranspose2dOptions {
  int64_t in_channels = 0;   ///< must be given
  int64_t out_channels = 0;  ///< must be given
  Pair kernel = 0;           ///< must be given
  Pair stride = 1;
  Pair padding = 0;         ///< taken off each side of the result
  Pair output_padding = 0;  ///< added to the far side; smaller than stride or dilation
  Pair dilation = 1;
  int64_t groups = 1;
  bool bias = true;
};

/// conv_transpose2d: (N, in, H, W) → (N, out, H', W'), weight (in, out/groups, kh, kw), bias (out).
class ConvTranspose2d : public Layer<ConvTranspose2d, Weighted> {
 public:
  ConvTranspose2d(const ConvTranspose2dOptions& options, Rng& rng);

  const ConvTranspose2dOptions& options() const { return options_; }
  Tensor forward(const Tensor& x) override;
  Tensor outputs_first(const Tensor& w) const override;
  std::string description() const override;
  int64_t flops(const Shape& input, const Shape& output) const override;

 private:
  ConvTranspose2dOptions options_;
};

}  // namespace gradus::layers
