// Embedding: looks up one vector per token index; ColumnEmbedding: one per index among other
// features.
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

/// A feature that is an index, such as a category with many values.
struct IndexColumn {
  int64_t feature = 0;  ///< its place among the features
  int64_t values = 0;   ///< the index is 0 … values − 1
  int64_t width = 0;    ///< numbers of its vector
  /// Whether both are the same.
  bool operator==(const IndexColumn&) const = default;
};

/// (N, F) → (N, F − k + Σ width): the numbers in their order, then the vectors of the k columns
/// that are indices (entity embeddings, Guo and Berkhahn 2016). The vectors are the rows of
/// `weight0`, `weight1` … (values, width), initially standard normal. Throws std::invalid_argument
/// for columns out of range or given twice, and for an index out of range.
class ColumnEmbedding : public Layer<ColumnEmbedding> {
 public:
  std::vector<Parameter> weights;  ///< (values, width) of each column

  /// Draws the weights from `rng`.
  ColumnEmbedding(int64_t features, std::vector<IndexColumn> columns, Rng& rng);

  Tensor forward(const Tensor& x) override;
  void members(Members& members) override;
  std::string description() const override;

 private:
  std::vector<int64_t> numbers_;  // the other features
  std::vector<IndexColumn> columns_;
};

}  // namespace gradus::layers
