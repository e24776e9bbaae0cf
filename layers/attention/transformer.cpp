#include "layers/attention/transformer.hpp"

#include "core/ops/dropout.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/shape.hpp"
#include "core/step_memory.hpp"
#include "layers/activation.hpp"
#include "layers/norm/normalization.hpp"
#include "layers/norm/normalizations.hpp"
#include "layers/shown.hpp"

namespace gradus::layers {
namespace {

AnyModule step_norm(const TransformerOptions& options) {
  if (options.norm == "layer")
    return LayerNorm({options.width}, {.eps = options.eps, .bias = options.bias});
  return make_normalization(options.norm, {options.width});
}

// The normalization of each step, as of samples (N·L, width).
Tensor normalized(const std::string& name, AnyModule& norm, const Tensor& x) {
  const Tensor steps = reshape(x, {x.size(0) * x.size(1), x.size(2)});
  return reshape(call_child(name, *norm, steps), x.shape());
}

TransformerOptions checked(const char* name, TransformerOptions options) {
  require_positive(name, "width", options.width);
  require_positive(name, "heads", options.heads);
  if (options.hidden == 0) options.hidden = 4 * options.width;
  require_positive(name, "hidden", options.hidden);
  return options;
}

MultiheadAttention attention_of(const TransformerOptions& o, bool is_self, Rng& rng) {
  return {o.width,
          o.heads,
          rng,
          {.bias = o.bias,
           .dropout = o.dropout,
           .is_causal = is_self && o.is_causal,
           .rotary = is_self && o.rotary}};
}

}  // namespace

TransformerLayer::TransformerLayer(const char* name, const TransformerOptions& options,
                                   int64_t norms, Rng& rng)
    : name_(name),
      options_(checked(name, options)),
      self_attn_(attention_of(options_, true, rng)),
      linear1_(options_.width, options_.hidden, rng, {.bias = options_.bias}),
      linear2_(options_.hidden, options_.width, rng, {.bias = options_.bias}),
      activation_(activations().find(options_.activation)()),
      rng_(0) {
  for (int64_t i = 0; i < norms; ++i) norms_.push_back(step_norm(options_));
  rng_ = rng.fork(rng.bits());
}

void TransformerLayer::members(Members& members) {
  members.child("self_attn", self_attn_);
  more_members(members);
  members.child("linear1", linear1_);
  members.child("activation", *activation_);
  members.child("linear2", linear2_);
  for (std::size_t i = 0; i < norms_.size(); ++i)
    members.child(fmt::format("norm{}", i + 1), *norms_[i]);
  if (options_.dropout > 0) members.generator("rng", rng_);
}

std::string TransformerLayer::description() const {
  const TransformerOptions& o = options_;
  return fmt::format("{}({}, heads={}, hidden={}{}{}{}{}{}{}{})", name_, o.width, o.heads, o.hidden,
                     shown("dropout", o.dropout, 0.),
                     shown("activation", o.activation, std::string("relu")),
                     shown("norm_first", o.norm_first, false),
                     shown("norm", o.norm, std::string("layer")), shown("bias", o.bias, true),
                     shown("causal", o.is_causal, false), shown("rotary", o.rotary, false));
}

Tensor TransformerLayer::with_shortcut(const Tensor& x, std::size_t index,
                                       const std::function<Tensor(const Tensor&)>& part) {
  const auto norm = [&](const Tensor& y) {
    return normalized(fmt::format("norm{}", index + 1), norms_[index], y);
  };
  return options_.norm_first ? x + dropped(part(norm(x))) : norm(x + dropped(part(x)));
}

Tensor TransformerLayer::dropped(const Tensor& x) {
  return is_training() && options_.dropout > 0 ? dropout(x, options_.dropout, rng_) : x;
}

Tensor TransformerLayer::feed_forward(const Tensor& x) {
  const Tensor hidden = call_child("activation", *activation_, call_child("linear1", linear1_, x));
  return call_child("linear2", linear2_, dropped(hidden));
}

Tensor TransformerLayer::attend_to_steps(const Tensor& x) {
  return call_child("self_attn", self_attn_, x);
}

Tensor TransformerLayer::attend_to_steps(const Tensor& x, const AttentionInput& input) {
  const LayerScope scope("self_attn");
  return self_attn_.run(x, input).y;
}

Tensor TransformerLayer::attend_to_steps(const Tensor& x, StepMemory& memory) {
  return self_attn_.forward_next(x, memory);
}

TransformerEncoderLayer::TransformerEncoderLayer(const TransformerOptions& options, Rng& rng)
    : Layer("TransformerEncoderLayer", options, 2, rng) {}

Tensor TransformerEncoderLayer::forward(const Tensor& x) {
  return attended(x, [&](const Tensor& y) { return attend_to_steps(y); });
}

Tensor TransformerEncoderLayer::run(const Tensor& x, const AttentionInput& input) {
  return attended(x, [&](const Tensor& y) { return attend_to_steps(y, input); });
}

Tensor TransformerEncoderLayer::forward_next(const Tensor& x, StepMemory& memory) {
  return attended(x, [&](const Tensor& y) { return attend_to_steps(y, memory); });
}

Tensor TransformerEncoderLayer::attended(const Tensor& x,
                                         const std::function<Tensor(const Tensor&)>& attend) {
  return with_shortcut(with_shortcut(x, 0, attend), 1,
                       [&](const Tensor& y) { return feed_forward(y); });
}

TransformerDecoderLayer::TransformerDecoderLayer(const TransformerOptions& options, Rng& rng)
    : Layer("TransformerDecoderLayer", options, 3, rng),
      multihead_attn_(attention_of(options, false, rng)) {}

void TransformerDecoderLayer::more_members(Members& members) {
  members.child("multihead_attn", multihead_attn_);
}

Tensor TransformerDecoderLayer::forward(const Tensor& /*x*/) {
  throw std::logic_error("[transformer_decoder_layer] needs a memory: call run(x, {.memory = …})");
}

Tensor TransformerDecoderLayer::run(const Tensor& x, const DecoderInput& input) {
  const Tensor attended =
      with_shortcut(x, 0, [&](const Tensor& y) { return attend_to_steps(y, input.self); });
  const Tensor remembered = with_shortcut(attended, 1, [&](const Tensor& y) {
    const LayerScope scope("multihead_attn");
    const AttentionOutput output =
        multihead_attn_.run(y, {.key = input.memory,
                                .key_padding_mask = input.memory_key_padding_mask,
                                .need_weights = input.memory_weights != nullptr});
    if (input.memory_weights) input.memory_weights->push_back(output.weights);
    return output.y;
  });
  return with_shortcut(remembered, 2, [&](const Tensor& y) { return feed_forward(y); });
}

template <class TransformerLayerKind, FixedString name>
TransformerStack<TransformerLayerKind, name>::TransformerStack(const TransformerOptions& options,
                                                               int64_t count, Rng& rng,
                                                               bool last_norm) {
  require_positive(name.text, "count", count);
  for (int64_t i = 0; i < count; ++i) layers_.emplace_back(options, rng);
  if (last_norm) norm_ = step_norm(options);
}

template <class TransformerLayerKind, FixedString name>
Tensor TransformerStack<TransformerLayerKind, name>::forward(const Tensor& x) {
  Tensor y = x;
  for (std::size_t i = 0; i < layers_.size(); ++i)
    y = call_child(fmt::format("layers.{}", i), layers_[i], y);
  return norm_ ? normalized("norm", *norm_, y) : y;
}

template <class TransformerLayerKind, FixedString name>
Tensor TransformerStack<TransformerLayerKind, name>::run(
    const Tensor& x, const typename TransformerLayerKind::Input& input,
    std::vector<KeyValueCache>* caches) {
  require(!caches || caches->size() == layers_.size(), name.text,
          "needs one cache for each of {} layers, got {}", layers_.size(),
          caches ? caches->size() : 0);
  Tensor y = x;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const LayerScope scope(fmt::format("layers.{}", i));
    auto of_layer = input;
    if (caches) {
      if constexpr (std::same_as<TransformerLayerKind, TransformerDecoderLayer>)
        of_layer.self.cache = &(*caches)[i];
      else
        of_layer.cache = &(*caches)[i];
    }
    y = layers_[i].run(y, of_layer);
  }
  return norm_ ? normalized("norm", *norm_, y) : y;
}

template <class TransformerLayerKind, FixedString name>
void TransformerStack<TransformerLayerKind, name>::members(Members& members) {
  for (std::size_t i = 0; i < layers_.size(); ++i)
    members.child(fmt::format("layers.{}", i), layers_[i]);
  if (norm_) members.child("norm", **norm_);
}

template <class TransformerLayerKind, FixedString name>
std::string TransformerStack<TransformerLayerKind, name>::description() const {
  return fmt::format("{}({} × {}{})", name.text, layers_.size(), layers_.front().description(),
                     norm_ ? ", " + (*norm_)->description() : "");
}

template class TransformerStack<TransformerEncoderLayer, "TransformerEncoder">;
template class TransformerStack<TransformerDecoderLayer, "TransformerDecoder">;

}  // namespace gradus::layers
