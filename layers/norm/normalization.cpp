#include "layers/norm/normalization.hpp"

#include "layers/shown.hpp"

namespace gradus::layers {
namespace {

void check_normalized(const char* layer, const Shape& normalized_shape, double eps) {
  require(normalized_shape.rank() >= 1 && normalized_shape.numel() >= 1, layer,
          "normalized_shape must have at least one extent, all positive, got {}", normalized_shape);
  require(eps > 0, layer, "eps must be positive, got {}", eps);
}

// ", eps=…, affine=false" for values that aren't the defaults.
template <class Options>
std::string shown_options(const Options& options) {
  return shown("eps", options.eps, Options().eps) + shown("affine", options.affine, true);
}

std::string last_dimensions(const Shape& shape) {
  return shape.rank() == 1 ? "the last dimension"
                           : fmt::format("the last {} dimensions", shape.rank());
}

}  // namespace

LayerNorm::LayerNorm(const Shape& normalized_shape, const LayerNormOptions& options)
    : normalized_shape_(normalized_shape), options_(options) {
  check_normalized("layer_norm", normalized_shape, options.eps);
  if (!options.affine) return;
  weight = Parameter(Tensor::ones(normalized_shape));
  if (options.bias) bias = Parameter(Tensor::zeros(normalized_shape));
}

Tensor LayerNorm::forward(const Tensor& x) {
  return layer_norm(x, normalized_shape_, weight, bias, options_.eps);
}

void LayerNorm::members(Members& members) {
  members.parameter("weight", weight, Role::gain);
  members.parameter("bias", bias, Role::bias);
}

std::string LayerNorm::description() const {
  return fmt::format("LayerNorm({}{}{})", normalized_shape_, shown_options(options_),
                     shown("bias", options_.bias, true));
}

std::string LayerNorm::equation() const {
  return fmt::format("LayerNorm: over {} of each sample; y = (x − μ)/√(σ² + {}){}",
                     last_dimensions(normalized_shape_), options_.eps,
                     !options_.affine ? ""
                     : options_.bias  ? "·γ + β, γ and β of each element"
                                      : "·γ, γ of each element");
}

RMSNorm::RMSNorm(const Shape& normalized_shape, const RMSNormOptions& options)
    : normalized_shape_(normalized_shape), options_(options) {
  check_normalized("rms_norm", normalized_shape, options.eps);
  if (options.affine) weight = Parameter(Tensor::ones(normalized_shape));
}

Tensor RMSNorm::forward(const Tensor& x) {
  return rms_norm(x, normalized_shape_, weight, options_.eps);
}

std::string RMSNorm::description() const {
  return fmt::format("RMSNorm({}{})", normalized_shape_, shown_options(options_));
}

std::string RMSNorm::equation() const {
  return fmt::format("RMSNorm: over {} of each sample; y = x/√(mean x² + {}){}",
                     last_dimensions(normalized_shape_), options_.eps,
                     options_.affine ? "·γ, γ of each element" : "");
}

GroupNorm::GroupNorm(int64_t groups, int64_t channels, const GroupNormOptions& options)
    : groups_(groups), channels_(channels), options_(options) {
  require_positive("group_norm", "groups", groups);
  require_positive("group_norm", "channels", channels);
  require(channels % groups == 0, "group_norm",
          "groups must divide the channels: {} groups, {} channels", groups, channels);
  require(options.eps > 0, "group_norm", "eps must be positive, got {}", options.eps);
  if (!options.affine) return;
  weight = Parameter(Tensor::ones({channels}));
  bias = Parameter(Tensor::zeros({channels}));
}

Tensor GroupNorm::forward(const Tensor& x) {
  require(x.rank() >= 2 && x.size(1) == channels_, "group_norm",
          "input must be (N, C, …) with {} channels, got {}", channels_, x.shape());
  return group_norm(x, groups_, weight, bias, options_.eps);
}

void GroupNorm::members(Members& members) {
  members.parameter("weight", weight, Role::gain);
  members.parameter("bias", bias, Role::bias);
}

std::string GroupNorm::description() const {
  return fmt::format("GroupNorm({}, {}{})", groups_, channels_, shown_options(options_));
}

std::string GroupNorm::equation() const {
  return fmt::format(
      "GroupNorm: over (C/{}, …) of each of {} groups of channels of each sample; "
      "y = (x − μ)/√(σ² + {}){}",
      groups_, groups_, options_.eps, options_.affine ? "·γ + β, γ and β of each channel" : "");
}

LocalResponseNorm::LocalResponseNorm(const LocalResponseNormOptions& options) : options_(options) {
  local_response_norm(Tensor::zeros({1, 1}), options);
}

std::string LocalResponseNorm::description() const {
  return fmt::format("LocalResponseNorm({}, alpha={}, beta={}, k={}{})", options_.size,
                     options_.alpha, options_.beta, options_.k,
                     options_.mean ? "" : ", mean=false");
}

std::string LocalResponseNorm::equation() const {
  return fmt::format(
      "LocalResponseNorm: over {} neighbouring channels of each pixel; y = x/({} + {}·Σ x²{})^{}",
      options_.size, options_.k, options_.alpha,
      options_.mean ? fmt::format("/{}", options_.size) : "", options_.beta);
}

}  // namespace gradus::layers
