// TiedEmbedding: tokens become vectors, and vectors scores of tokens, by the same weight.
#pragma once

#include "layers/embedding.hpp"

namespace gradus::layers {

/// A network around layers of vectors, as a language model has it: with E the weight (tokens,
/// width) of `embedding`, i64 (N, T) → body(E[x])·Eᵀ, (N, T, tokens) (Press and Wolf 2017).
class TiedEmbedding : public Layer<TiedEmbedding> {
 public:
  /// `body` maps (N, T, width) to (N, T, width). Draws the weight from `rng`.
  TiedEmbedding(int64_t tokens, int64_t width, AnyModule body, Rng& rng);

  Tensor forward(const Tensor& tokens) override;
  Tensor forward_next(const Tensor& tokens, StepMemory& memory) override;
  void members(Members& members) override;
  std::string description() const override;
  int64_t flops(const Shape& input, const Shape& output) const override;

 private:
  Tensor scores(const Tensor& vectors) const;

  Embedding embedding_;
  AnyModule body_;
};

}  // namespace gradus::layers
