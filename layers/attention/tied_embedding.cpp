#include "layers/attention/tied_embedding.hpp"

#include "core/ops/linear.hpp"
#include "core/step_memory.hpp"

namespace gradus::layers {

TiedEmbedding::TiedEmbedding(int64_t tokens, int64_t width, AnyModule body, Rng& rng)
    : embedding_(tokens, width, rng), body_(std::move(body)) {}

Tensor TiedEmbedding::scores(const Tensor& vectors) const {
  require(vectors.rank() == 3 && vectors.size(2) == embedding_.weight.size(1), "tied_embedding",
          "the body must return (N, T, {}), got {}", embedding_.weight.size(1), vectors.shape());
  return linear(vectors, embedding_.weight);
}

Tensor TiedEmbedding::forward(const Tensor& tokens) {
  return scores(call_child("body", *body_, call_child("embedding", embedding_, tokens)));
}

Tensor TiedEmbedding::forward_next(const Tensor& tokens, StepMemory& memory) {
  return scores(body_->forward_next(embedding_(tokens), memory));
}

void TiedEmbedding::members(Members& members) {
  members.child("embedding", embedding_);
  members.child("body", *body_);
}

std::string TiedEmbedding::description() const {
  return fmt::format("TiedEmbedding({}, {}, {})", embedding_.weight.size(0),
                     embedding_.weight.size(1), body_->description());
}

int64_t TiedEmbedding::flops(const Shape& input, const Shape&) const {
  return 2 * input.numel() * embedding_.weight.numel();
}

}  // namespace gradus::layers
