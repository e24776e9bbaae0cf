#include "layers/normalization.hpp"

#include "core/ops/normalization.hpp"
#include "layers/options.hpp"
#include "layers/residual.hpp"

namespace gradus::layers {

BatchNorm::BatchNorm(int dimensions, int64_t channels, const BatchNormOptions& options)
    : dimensions_(dimensions), channels_(channels), options_(options) {
  require_positive("batch_norm", "channels", channels);
  require(options.eps > 0, "batch_norm", "eps is positive, got {}", options.eps);
  require(options.momentum >= 0 && options.momentum <= 1, "batch_norm",
          "momentum is 0 to 1, got {}", options.momentum);
  if (options.affine) {
    weight = Parameter(Tensor::ones({channels}));
    bias = Parameter(Tensor::zeros({channels}));
  }
  if (options.track_running_stats) {
    running_mean = Buffer(Tensor::zeros({channels}));
    running_var = Buffer(Tensor::ones({channels}));
    num_batches_tracked = Buffer(Tensor::zeros({}, DType::i64));
  }
}

Tensor BatchNorm::forward(const Tensor& x) {
  const bool fits = dimensions_ == 1 ? x.rank() == 2 || x.rank() == 3 : x.rank() == 4;
  require(fits && x.size(1) == channels_, "batch_norm", "input is {} with {} channels, got {}",
          dimensions_ == 1 ? "(N, C) or (N, C, L)" : "(N, C, H, W)", channels_, x.shape());
  const bool by_batch = is_training() || !running_mean;
  const bool update = is_training() && running_mean && updating_;
  Tensor y = batch_norm(x, weight, bias, by_batch && !update ? Tensor() : running_mean,
                        by_batch && !update ? Tensor() : running_var,
                        {.training = by_batch, .momentum = options_.momentum, .eps = options_.eps});
  if (update) num_batches_tracked.fill(num_batches_tracked.item() + 1);
  return y;
}

void BatchNorm::members(Members& members) {
  members.parameter("weight", weight);
  members.parameter("bias", bias);
  members.buffer("running_mean", running_mean);
  members.buffer("running_var", running_var);
  members.buffer("num_batches_tracked", num_batches_tracked);
}

std::string BatchNorm::description() const {
  const BatchNormOptions standard;
  return fmt::format(
      "BatchNorm{}d({}{}{}{}{})", dimensions_, channels_,
      options_.eps == standard.eps ? "" : fmt::format(", eps={}", options_.eps),
      options_.momentum == standard.momentum ? "" : fmt::format(", momentum={}", options_.momentum),
      options_.affine ? "" : ", affine=false",
      options_.track_running_stats ? "" : ", track_running_stats=false");
}

LayerNorm::LayerNorm(const Shape& normalized_shape, const LayerNormOptions& options)
    : normalized_shape_(normalized_shape), options_(options) {
  require(normalized_shape.rank() >= 1 && normalized_shape.numel() >= 1, "layer_norm",
          "normalized_shape has one or more positive extents, got {}", normalized_shape);
  require(options.eps > 0, "layer_norm", "eps is positive, got {}", options.eps);
  if (!options.affine) return;
  weight = Parameter(Tensor::ones(normalized_shape));
  bias = Parameter(Tensor::zeros(normalized_shape));
}

Tensor LayerNorm::forward(const Tensor& x) {
  return layer_norm(x, normalized_shape_, weight, bias, options_.eps);
}

void LayerNorm::members(Members& members) {
  members.parameter("weight", weight);
  members.parameter("bias", bias);
}

std::string LayerNorm::description() const {
  return fmt::format(
      "LayerNorm({}{}{})", normalized_shape_,
      options_.eps == LayerNormOptions().eps ? "" : fmt::format(", eps={}", options_.eps),
      options_.affine ? "" : ", affine=false");
}

const Registry<std::function<AnyModule(const Shape&)>>& normalizations() {
  static const Registry<std::function<AnyModule(const Shape&)>> table(
      "normalization",
      {{"batch", "each channel by its mean and variance over the batch (Ioffe and Szegedy 2015)",
        [](const Shape& features) -> AnyModule {
          if (features.rank() == 3) return BatchNorm2d(features[0]);
          return BatchNorm1d(features[0]);
        }},
       {"layer", "each example by its mean and variance over all features (Ba et al. 2016)",
        [](const Shape& features) -> AnyModule { return LayerNorm(features); }},
       {"none", "no normalization", [](const Shape&) -> AnyModule { return Identity(); }}});
  return table;
}

}  // namespace gradus::layers
