#include "layers/norm/normalization.hpp"

#include <algorithm>

#include "layers/norm/named_scheme.hpp"
#include "layers/residual.hpp"
#include "layers/shown.hpp"

namespace gradus::layers {
namespace {

void check_normalized(const char* layer, const Shape& normalized_shape, double eps) {
  require(normalized_shape.rank() >= 1 && normalized_shape.numel() >= 1, layer,
          "normalized_shape has one or more positive extents, got {}", normalized_shape);
  require(eps > 0, layer, "eps is positive, got {}", eps);
}

// ", eps=…, affine=false" where they aren't the defaults.
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
  bias = Parameter(Tensor::zeros(normalized_shape));
}

Tensor LayerNorm::forward(const Tensor& x) {
  return layer_norm(x, normalized_shape_, weight, bias, options_.eps);
}

void LayerNorm::members(Members& members) {
  members.parameter("weight", weight, Role::gain);
  members.parameter("bias", bias, Role::bias);
}

std::string LayerNorm::description() const {
  return fmt::format("LayerNorm({}{})", normalized_shape_, shown_options(options_));
}

std::string LayerNorm::equation() const {
  return fmt::format("LayerNorm: over {} of each sample; y = (x − μ)/√(σ² + {}){}",
                     last_dimensions(normalized_shape_), options_.eps,
                     options_.affine ? "·γ + β, γ and β of each element" : "");
}

RMSNorm::RMSNorm(const Shape& normalized_shape, const RMSNormOptions& options)
    : normalized_shape_(normalized_shape), options_(options) {
  check_normalized("rms_norm", normalized_shape, options.eps);
  if (options.affine) weight = Parameter(Tensor::ones(normalized_shape));
}

Tensor RMSNorm::forward(const Tensor& x) {
  return rms_norm(x, normalized_shape_, weight, options_.eps);
}

void RMSNorm::members(Members& members) {
  members.parameter("weight", weight, Role::gain);
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
  require(channels % groups == 0, "group_norm", "{} channels don't divide into {} groups", channels,
          groups);
  require(options.eps > 0, "group_norm", "eps is positive, got {}", options.eps);
  if (!options.affine) return;
  weight = Parameter(Tensor::ones({channels}));
  bias = Parameter(Tensor::zeros({channels}));
}

Tensor GroupNorm::forward(const Tensor& x) {
  require(x.rank() >= 2 && x.size(1) == channels_, "group_norm",
          "input is (N, C, …) with {} channels, got {}", channels_, x.shape());
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

Tensor LocalResponseNorm::forward(const Tensor& x) {
  return local_response_norm(x, options_);
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

namespace {

AnyModule make_group(const Shape& features, std::string_view argument) {
  const int64_t groups = count_argument("group", "groups", argument, 8);
  return GroupNorm(std::min(groups, features[0]), features[0]);
}

// A scheme that takes no argument.
template <class Make>
Registry<NormalizationFactory>::Entry plain(const char* name, const char* help, Make make) {
  return {name, help, [name, make](const Shape& features, std::string_view argument) -> AnyModule {
            require_no_argument(name, argument);
            return make(features);
          }};
}

}  // namespace

const Registry<NormalizationFactory>& normalizations() {
  static const Registry<NormalizationFactory> table(
      "normalization",
      {plain("batch",
             "each channel by its mean and variance over the batch (Ioffe and Szegedy 2015)",
             [](const Shape& features) -> AnyModule {
               if (features.rank() == 3) return BatchNorm2d(features[0]);
               return BatchNorm1d(features[0]);
             }),
       plain("batch-renorm",
             "batch normalization that turns to the running statistics, from step 5000 on "
             "(Ioffe 2017)",
             [](const Shape& features) -> AnyModule {
               if (features.rank() == 3) return BatchRenorm2d(features[0]);
               return BatchRenorm1d(features[0]);
             }),
       plain("layer", "each example by its mean and variance over all features (Ba et al. 2016)",
             [](const Shape& features) -> AnyModule { return LayerNorm(features); }),
       plain("rms",
             "each example by its root mean square over all features (Zhang and Sennrich 2019)",
             [](const Shape& features) -> AnyModule { return RMSNorm(features); }),
       {"group",
        "group:G, each of G groups of channels of an example, 8 unless told; as many as there are "
        "channels where they are fewer (Wu and He 2018)",
        make_group},
       plain("instance",
             "each channel of each image, after convolutions alone (Ulyanov et al. 2016)",
             [](const Shape& features) -> AnyModule {
               if (features.rank() == 3) return InstanceNorm2d(features[0], {.affine = true});
               return Identity();
             }),
       plain("lrn",
             "each pixel by its neighbour channels' squares, after convolutions alone: size 5, "
             "α 1e-4, β 0.75, k 1 (Krizhevsky et al. 2012)",
             [](const Shape& features) -> AnyModule {
               if (features.rank() == 3) return LocalResponseNorm();
               return Identity();
             }),
       plain("none", "no normalization", [](const Shape&) -> AnyModule { return Identity(); })},
      {{"batch", {"batch-norm", "batch-normalization", "bn"}},
       {"layer", {"layer-norm", "layer-normalization"}},
       {"rms", {"rms-norm"}},
       {"group", {"group-norm"}},
       {"instance", {"instance-norm"}},
       {"lrn", {"local-response-norm"}}});
  return table;
}

AnyModule make_normalization(std::string_view name, const Shape& features) {
  const NamedScheme scheme(name);
  return normalizations().find(scheme.name)(features, scheme.argument);
}

}  // namespace gradus::layers
