// Embedding: looks up one vector per token index.
#pragma once

#include "core/ops/indexing.hpp"
#include "layers/module.hpp"

namespace gradus::layers {

/// Replaces each index i (i64, 0 … count−1) by row i of `weight` (count, width): (…) → (…, width).
/// The initial weight is standard normal. Throws std::invalid_argument unless both sizes are
/// positive.
class Embedding : public Layer<Embedding> {
 public:
  Parameter weight;  ///< (count, width)

  /// Draws the weight from `rng`.
  Embedding(int64_t count, int64_t width, Rng& rng);

  Tensor forward(const Tensor& indices) override { return gradus::embedding(indices, weight); }
  void members(Members& members) override { members.parameter("weight", weight); }
  std::string description() const override;
};

}  // namespace gradus::layers
