// MultiheadAttention: attention of several heads, each with its own projections of queries, keys
// and values; KeyValueCache: what a model that continues a sequence needn't compute again.
#pragma once

#include "core/ops/attention/attention.hpp"
#include "layers/dense.hpp"

namespace gradus::layers {

/// Options of MultiheadAttention.
struct MultiheadAttentionOptions {
  bool bias = true;        ///< add a bias in each projection
  double dropout = 0;      ///< rate of the attention weights in training, in [0, 1)
  bool is_causal = false;  ///< forward() lets query i see the keys 0 … i only
  /// Turn queries and keys by their places, see rotary_embedding().
  bool rotary = false;
};

/// The keys and values of earlier steps, which a model that continues a sequence needn't compute
/// again. A copy has its own: two continuations may begin with the same steps.
class KeyValueCache {
 public:
  /// For up to `capacity` steps.
  explicit KeyValueCache(int64_t capacity) : capacity_(capacity) {}

  /// The number of steps so far.
  int64_t length() const { return length_; }
  /// How many steps there is room for.
  int64_t capacity() const { return capacity_; }
  /// Appends keys and values (N, L, E). Throws std::invalid_argument if they don't fit.
  void append(const Tensor& keys, const Tensor& values);
  /// All keys, (length, N, E): a view that later steps don't change.
  Tensor keys() const { return steps(keys_); }
  /// The same of the values.
  Tensor values() const { return steps(values_); }

 private:
  Tensor steps(const Tensor& all) const;

  int64_t capacity_, length_ = 0;
  Buffer keys_, values_;  // (capacity, N, E)
};

/// Optional inputs of MultiheadAttention::run().
struct AttentionInput {
  Tensor key = {};    ///< (N, S, E); undefined: the queries, so that a sequence attends to itself
  Tensor value = {};  ///< (N, S, E); undefined: the keys
  /// As in scaled_dot_product_attention(): bool, true where a query may attend, or f32 or f64,
  /// added to the scores; broadcast to (N, heads, L, S).
  Tensor mask = {};
  /// bool (N, S): true where a key is ignored. The other way round than `mask`, as in PyTorch.
  Tensor key_padding_mask = {};
  bool is_causal = false;     ///< query i sees the keys 0 … i only
  bool need_weights = false;  ///< compute `weights` too, which takes memory for L·S numbers
  /// Appends the keys and values to the cache and attends to all in it, without recording. With
  /// is_causal the queries follow the steps that the cache had.
  KeyValueCache* cache = nullptr;
};

/// Result of MultiheadAttention::run().
struct AttentionOutput {
  Tensor y;             ///< (N, L, E)
  Tensor weights = {};  ///< (N, L, S), the mean over the heads; undefined unless asked for
};

/// The projections to queries, keys and values, one below the other in a weight (3E, E):
/// x (N, L, E) → (N, L, 3E).
class InProjection : public Layer<InProjection, Weighted> {
 public:
  /// Draws the weight uniform (Xavier); the bias is 0.
  InProjection(int64_t width, bool with_bias, Rng& rng);

  Tensor forward(const Tensor& x) override;
  /// One of the three projections of x, (N, L, E): of queries (0), keys (1) or values (2).
  Tensor third(const Tensor& x, int64_t index);
  /// Each of the three by itself.
  void change_weights(const std::function<Tensor(const Tensor& weight)>& change,
                      bool frozen_too) override;
  std::string description() const override;
};

/// Attention of `heads` heads of width E/heads (Vaswani et al. 2017): in_proj gives queries, keys
/// and values; each head attends with its part of them, and out_proj (E, E) mixes the heads. Names
/// and layouts are PyTorch's, batch first: in_proj_weight (3E, E), in_proj_bias (3E),
/// out_proj.weight … The biases are initially 0.
class MultiheadAttention : public Layer<MultiheadAttention> {
 public:
  /// Draws the weights from `rng` and derives the generator of the dropout from it. Throws
  /// std::invalid_argument unless `width` and `heads` are positive, heads divides width, with
  /// rotary into parts of an even width, and for options out of range.
  MultiheadAttention(int64_t width, int64_t heads, Rng& rng,
                     const MultiheadAttentionOptions& options = {});

  /// The options passed to the constructor.
  const MultiheadAttentionOptions& options() const { return options_; }
  /// The number of heads.
  int64_t heads() const { return heads_; }
  /// Attention of x (N, L, E) to itself. Throws std::invalid_argument for other shapes.
  Tensor forward(const Tensor& x) override;
  /// Throws std::logic_error unless the attention is causal.
  Tensor forward_next(const Tensor& x, StepMemory& memory) override;
  /// Attention with more inputs. Throws std::invalid_argument for shapes that don't fit, and for
  /// need_weights with a cache.
  AttentionOutput run(const Tensor& query, const AttentionInput& input = {});

  void members(Members& members) override;
  std::string description() const override;
  std::string equation() const override;
  int64_t flops(const Shape& input, const Shape& output) const override;

 private:
  // x, with rotary turned by its places from `offset` on.
  Tensor turned(const Tensor& x, int64_t offset) const;
  // The heads' results through out_proj.
  Tensor mixed(const Tensor& heads);

  int64_t width() const { return in_proj_.weight.size(1); }

  int64_t heads_;
  MultiheadAttentionOptions options_;
  Dense out_proj_;
  InProjection in_proj_;
  Rng rng_;
};

}  // namespace gradus::layers
