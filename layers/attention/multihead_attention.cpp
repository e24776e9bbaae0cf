#include "layers/attention/multihead_attention.hpp"

#include "core/ops/attention/positions.hpp"
#include "core/ops/linear.hpp"
#include "core/ops/masks.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "core/step_memory.hpp"
#include "layers/init_functions.hpp"
#include "layers/shown.hpp"

namespace gradus::layers {
namespace {

constexpr const char* multihead = "multihead_attention";

// The mask and the padding as one mask, (N or 1, heads or 1, L or 1, S).
Tensor all_masks(const AttentionInput& input, int64_t samples, int64_t keys) {
  if (!input.key_padding_mask.defined()) return input.mask;
  const Tensor& padding = input.key_padding_mask;
  require(padding.dtype() == DType::boolean && padding.shape() == Shape{samples, keys}, multihead,
          "key_padding_mask must be bool ({}, {}), got {} {}", samples, keys,
          to_string(padding.dtype()), padding.shape());
  const Tensor kept = reshape(logical_not(padding), {samples, 1, 1, keys});
  if (!input.mask.defined()) return kept;
  if (input.mask.dtype() == DType::boolean) return logical_and(input.mask, kept);
  return where(kept, input.mask, -std::numeric_limits<double>::infinity());
}

int64_t head_width(int64_t width, int64_t heads) {
  require_positive(multihead, "width", width);
  require_positive(multihead, "heads", heads);
  require(width % heads == 0, multihead, "heads must divide the width, got {} heads and width {}",
          heads, width);
  return width / heads;
}

}  // namespace

void KeyValueCache::append(const Tensor& keys, const Tensor& values) {
  require(keys.rank() == 3 && keys.shape() == values.shape() && keys.dtype() == values.dtype(),
          "key_value_cache", "needs keys and values (N, L, E) of one type, got {} {} and {} {}",
          to_string(keys.dtype()), keys.shape(), to_string(values.dtype()), values.shape());
  const int64_t samples = keys.size(0), count = keys.size(1), width = keys.size(2);
  const Shape shape{capacity_, samples, width};
  require(length_ + count <= capacity_ && (!keys_.defined() || keys_.shape() == shape),
          "key_value_cache", "{} more steps don't fit into the cache {} with {} steps",
          keys.shape(), keys_.defined() ? keys_.shape() : shape, length_);
  if (!keys_.defined()) {
    keys_ = Buffer(Tensor::empty(shape, keys.dtype()));
    values_ = Buffer(Tensor::empty(shape, keys.dtype()));
  }
  const Slice place{length_, length_ + count};
  keys_.assign({place}, transpose(keys, 0, 1));
  values_.assign({place}, transpose(values, 0, 1));
  length_ += count;
}

Tensor KeyValueCache::steps(const Tensor& all) const {
  return all.alias(all.shape().with(0, length_), 0);
}

InProjection::InProjection(int64_t width, bool with_bias, Rng& rng)
    : Layer(Tensor::empty({3 * width, width}), with_bias ? Tensor::zeros({3 * width}) : Tensor()) {
  init::xavier_uniform(weight, rng);
}

Tensor InProjection::forward(const Tensor& x) {
  return multiply(x, linear);
}

Tensor InProjection::third(const Tensor& x, int64_t index) {
  const int64_t width = weight.size(1), start = index * width, stop = start + width;
  // A reparametrization is one of all three.
  if (reparametrization()) return slice(forward(x), 2, start, stop);
  return linear(x, slice(weight, 0, start, stop),
                bias.defined() ? slice(bias, 0, start, stop) : Tensor());
}

void InProjection::change_weights(const std::function<Tensor(const Tensor& weight)>& change,
                                  bool frozen_too) {
  if (!frozen_too && !weight.requires_grad()) return;
  const Shape square{weight.size(1), weight.size(1)};
  for (int64_t i = 0; i < 3; ++i) {
    Tensor third = weight.alias(square, i * square.numel());
    third.copy_from(change(third));
  }
}

std::string InProjection::description() const {
  return described(
      fmt::format("InProjection({}{})", weight.size(1), shown("bias", bias.defined(), true)));
}

MultiheadAttention::MultiheadAttention(int64_t width, int64_t heads, Rng& rng,
                                       const MultiheadAttentionOptions& options)
    : heads_(heads),
      options_(options),
      out_proj_(width, width, rng, {.bias = options.bias}),
      in_proj_(width, options.bias, rng),
      rng_(0) {
  const int64_t of_head = head_width(width, heads);
  require(options.dropout >= 0 && options.dropout < 1, multihead,
          "dropout must be 0 or more and below 1, got {}", options.dropout);
  require(!options.rotary || of_head % 2 == 0, multihead,
          "rotary positions need heads of an even width, got {}", of_head);
  if (options.bias) out_proj_.bias = Parameter(Tensor::zeros({width}));
  rng_ = rng.fork(rng.bits());
}

Tensor MultiheadAttention::mixed(const Tensor& heads) {
  return call_child("out_proj", out_proj_, heads);
}

Tensor MultiheadAttention::turned(const Tensor& x, int64_t offset) const {
  return options_.rotary ? rotary_embedding(x, {.offset = offset, .heads = heads_}) : x;
}

AttentionOutput MultiheadAttention::run(const Tensor& query, const AttentionInput& input) {
  const Tensor& key = input.key.defined() ? input.key : query;
  const Tensor& value = input.value.defined() ? input.value : key;
  require(query.rank() == 3 && query.size(2) == width() && key.rank() == 3 &&
              key.size(2) == width() && key.shape() == value.shape() &&
              key.size(0) == query.size(0),
          multihead,
          "inputs must be query (N, L, {0}), key and value (N, S, {0}), got {1}, {2} and {3}",
          width(), query.shape(), key.shape(), value.shape());
  require(!(input.cache && input.need_weights), multihead,
          "the weights of an attention with a cache aren't computed: need_weights must be false");
  const int64_t before = input.cache ? input.cache->length() : 0;
  const AttentionOptions options{.mask = all_masks(input, query.size(0), before + key.size(1)),
                                 .is_causal = input.is_causal,
                                 .first_query = before,
                                 .dropout = is_training() ? options_.dropout : 0,
                                 .rng = &rng_};
  const bool is_self = !input.key.defined() && !input.value.defined();
  const Tensor packed = is_self ? call_child("in_proj", in_proj_, query) : Tensor();
  if (is_self && !options_.rotary && !input.need_weights && !input.cache)
    return {mixed(self_attention(packed, heads_, options))};
  const auto projected = [&](const Tensor& x, int64_t third) {
    return is_self ? slice(packed, 2, third * width(), (third + 1) * width())
                   : in_proj_.third(x, third);
  };
  const Tensor q = turned(projected(query, 0), before), k = turned(projected(key, 1), before),
               v = projected(value, 2);
  if (input.cache) {
    input.cache->append(k, v);
    return {
        mixed(cached_attention(q, input.cache->keys(), input.cache->values(), heads_, options))};
  }
  if (!input.need_weights) return {mixed(multihead_attention(q, k, v, heads_, options))};
  const Tensor weights = attention_weights(split_heads(q, heads_), split_heads(k, heads_), options);
  return {mixed(merge_heads(matmul(weights, split_heads(v, heads_)))), mean(weights, {1})};
}

Tensor MultiheadAttention::forward(const Tensor& x) {
  return run(x, {.is_causal = options_.is_causal}).y;
}

Tensor MultiheadAttention::forward_next(const Tensor& x, StepMemory& memory) {
  if (!options_.is_causal)
    throw std::logic_error("[attention] only causal attention can continue a sequence");
  return run(x, {.is_causal = true, .cache = &memory.of<KeyValueCache>(*this, memory.capacity())})
      .y;
}

void MultiheadAttention::members(Members& members) {
  members.child("in_proj", in_proj_, "_");
  members.child("out_proj", out_proj_);
  if (options_.dropout > 0) members.generator("rng", rng_);
}

std::string MultiheadAttention::description() const {
  return fmt::format("MultiheadAttention({}, heads={}{}{}{}{})", width(), heads_,
                     shown("bias", options_.bias, true), shown("dropout", options_.dropout, 0.),
                     shown("causal", options_.is_causal, false),
                     shown("rotary", options_.rotary, false));
}

std::string MultiheadAttention::equation() const {
  const int64_t of_head = width() / heads_;
  return fmt::format("MultiheadAttention: {} heads of width {}, each softmax(Q·Kᵀ/√{}{})·V", heads_,
                     of_head, of_head, options_.is_causal ? " + causal mask" : "");
}

int64_t MultiheadAttention::flops(const Shape& input, const Shape& /*output*/) const {
  // The scores and the means of the values.
  return 4 * input.numel() * input[1];
}

}  // namespace gradus::layers
