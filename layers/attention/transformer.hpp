// TransformerEncoder, TransformerDecoder: stacks of layers of attention and a feed-forward network,
// each with a normalization and a shortcut (Vaswani et al. 2017).
//
//     TransformerEncoder encoder({.width = 64, .heads = 4, .norm_first = true}, 2, rng);
//     Tensor y = encoder(x);                         // (N, L, 64) → (N, L, 64)
#pragma once

#include "layers/attention/multihead_attention.hpp"

namespace gradus::layers {

/// Options of the transformer layers.
struct TransformerOptions {
  int64_t width = 0;  ///< of each step; PyTorch's d_model; required
  int64_t heads = 0;  ///< a divisor of the width; required
  /// Units between the two dense layers; PyTorch's dim_feedforward; 0: 4·width.
  int64_t hidden = 0;
  /// Rate in training: of the attention's weights, the hidden units and both results.
  double dropout = 0;
  std::string activation = "relu";  ///< a name of activations()
  /// x + f(norm(x)), which trains deep stacks without warm-up (Xiong et al. 2020), instead of
  /// norm(x + f(x)).
  bool norm_first = false;
  std::string norm = "layer";  ///< a text for make_normalization(); over the values of each step
  double eps = 1e-5;           ///< of layer normalization
  bool bias = true;            ///< of all projections and of layer normalization
  bool is_causal = false;      ///< forward() lets each step see itself and those before it only
  bool rotary = false;         ///< turn the queries and keys of self-attention by their places
};

/// What the layers of encoder and decoder have in common.
class TransformerLayer : public Module {
 public:
  /// The options passed to the constructor.
  const TransformerOptions& options() const { return options_; }
  void members(Members& members) override;
  std::string description() const override;

 protected:
  /// Draws all weights from `rng`. `norms` is the number of normalizations.
  TransformerLayer(const char* name, const TransformerOptions& options, int64_t norms, Rng& rng);

  /// One part of the layer with its shortcut and the normalization of number `index`.
  Tensor with_shortcut(const Tensor& x, std::size_t index,
                       const std::function<Tensor(const Tensor&)>& part);
  /// The two dense layers.
  Tensor feed_forward(const Tensor& x);
  /// Lists the attention between the steps and the memory.
  virtual void more_members(Members& /*members*/) {}

  /// The attention between the steps.
  Tensor attend_to_steps(const Tensor& x);
  /// The same with masks.
  Tensor attend_to_steps(const Tensor& x, const AttentionInput& input);
  /// The same for steps that follow those in the memory.
  Tensor attend_to_steps(const Tensor& x, StepMemory& memory);

 private:
  Tensor dropped(const Tensor& x);

  const char* name_;
  TransformerOptions options_;
  MultiheadAttention self_attn_;
  Dense linear1_, linear2_;
  AnyModule activation_;
  std::vector<AnyModule> norms_;
  Rng rng_;
};

/// Self-attention, then a feed-forward network of two dense layers, each with a shortcut. Names and
/// layouts are PyTorch's, batch first; PyTorch's default of the dropout is 0.1. Throws
/// std::invalid_argument for options out of range.
class TransformerEncoderLayer : public Layer<TransformerEncoderLayer, TransformerLayer> {
 public:
  /// What run() takes.
  using Input = AttentionInput;
  /// Draws all weights from `rng`.
  TransformerEncoderLayer(const TransformerOptions& options, Rng& rng);

  /// x (N, L, width) → (N, L, width).
  Tensor forward(const Tensor& x) override;
  /// Throws std::logic_error unless the attention is causal.
  Tensor forward_next(const Tensor& x, StepMemory& memory) override;
  /// The same with masks, or continuing a sequence; `key`, `value` and `need_weights` aren't used.
  Tensor run(const Tensor& x, const AttentionInput& input);

 private:
  // The layer with this attention between the steps.
  Tensor attended(const Tensor& x, const std::function<Tensor(const Tensor&)>& attend);
};

/// Optional inputs of a decoder.
struct DecoderInput {
  Tensor memory;                        ///< (N, S, width): the encoder's result; required
  AttentionInput self = {};             ///< of the attention between the steps
  Tensor memory_key_padding_mask = {};  ///< bool (N, S): true where the memory is ignored
  /// Each layer appends how much each step attends to the memory, (N, L, S), the mean over the
  /// heads; it takes memory for all L·S numbers.
  Tensors* memory_weights = nullptr;
};

/// Self-attention, attention to the encoder's result (the memory), and a feed-forward network, each
/// with a shortcut. Otherwise like TransformerEncoderLayer.
class TransformerDecoderLayer : public Layer<TransformerDecoderLayer, TransformerLayer> {
 public:
  /// What run() takes.
  using Input = DecoderInput;
  /// Draws all weights from `rng`.
  TransformerDecoderLayer(const TransformerOptions& options, Rng& rng);

  /// Throws std::logic_error: a decoder needs a memory.
  Tensor forward(const Tensor& x) override;
  /// x (N, L, width) → (N, L, width).
  Tensor run(const Tensor& x, const DecoderInput& input);

 private:
  void more_members(Members& members) override;

  MultiheadAttention multihead_attn_;
};

/// A stack of layers, and a last normalization if wanted. TransformerEncoder and TransformerDecoder
/// are its two kinds; `layers.0`, `layers.1` … and `norm` are the names of its parts.
template <class TransformerLayerKind, FixedString name>
class TransformerStack : public Layer<TransformerStack<TransformerLayerKind, name>> {
 public:
  /// `count` layers with the same options. Throws std::invalid_argument unless it is positive.
  TransformerStack(const TransformerOptions& options, int64_t count, Rng& rng,
                   bool last_norm = false);

  Tensor forward(const Tensor& x) override;
  /// All layers with the same input. `caches`, one for each layer or none, replace its cache.
  Tensor run(const Tensor& x, const typename TransformerLayerKind::Input& input,
             std::vector<KeyValueCache>* caches = nullptr);
  /// The layers.
  std::vector<TransformerLayerKind>& layers() { return layers_; }
  void members(Members& members) override;
  std::string description() const override;

 private:
  std::vector<TransformerLayerKind> layers_;
  std::optional<AnyModule> norm_;
};

/// Encoder layers, one after the other.
using TransformerEncoder = TransformerStack<TransformerEncoderLayer, "TransformerEncoder">;
/// Decoder layers, one after the other; each attends to the same memory.
using TransformerDecoder = TransformerStack<TransformerDecoderLayer, "TransformerDecoder">;

}  // namespace gradus::layers
