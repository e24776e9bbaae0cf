// AttentionPlan: the extents, masks and dropout of one attention; fused_attention,
// composed_attention_weights: its two forms. This header is no part of the interface.
#pragma once

#include <algorithm>

#include "core/parallel.hpp"
#include "core/random.hpp"

namespace gradus::detail {

/// `samples` with `heads` of the queries each, of which each `group` share the keys and values of
/// one head.
struct AttentionExtents {
  int64_t samples, heads, group, queries, keys, width, value_width;
};

/// One attention.
struct AttentionPlan : AttentionExtents {
  double scale;
  bool is_causal;
  int64_t first_query;
  Tensor mask;   ///< undefined, or of the rank of the scores, whose extents it has, or 1
  Shape scores;  ///< (…, L, S)
  double dropout;
  Rng::State draws;  ///< where the numbers for the dropout begin

  /// How many keys query `row` may attend to.
  int64_t visible(int64_t row) const {
    return is_causal ? std::min(keys, row + first_query + 1) : keys;
  }
  /// Scores are computed in blocks of so many queries and keys.
  static constexpr int64_t query_block = 64, key_block = 128;
  /// The numbers of the generator that the dropout of a block takes.
  static constexpr int64_t draws_of_block = query_block * key_block / 4;
  /// 1/(1 − dropout) for the weights of a block that are kept, else 0; its rows have key_block
  /// elements. Heads are counted over all samples.
  Tensor kept(int64_t head, int64_t first_row, int64_t first_key, DType dtype) const;
  /// How many numbers of the generator the dropout takes.
  int64_t draws_taken() const;
};

/// Where the rows of each head are, in a tensor that several operands may share.
struct HeadRows {
  int64_t start, sample_step, head_step, row_step;

  /// Of a tensor (samples, heads, rows, width).
  static HeadRows in_heads(int64_t heads, int64_t rows, int64_t width) {
    return {0, heads * rows * width, rows * width, width};
  }
  /// Of a tensor (samples, rows, …) whose rows of `row_width` numbers have the heads side by side.
  static HeadRows side_by_side(int64_t rows, int64_t width, int64_t row_width) {
    return {0, rows * row_width, width, row_width};
  }
  int64_t at(int64_t sample, int64_t head, int64_t row) const {
    return start + sample * sample_step + head * head_step + row * row_step;
  }
};

/// Where an attention's operands are, or their gradients.
struct AttentionRows {
  HeadRows query, key, value, y;
};

/// Computes y, without recording, and returns log_sum (samples, heads, L), which the gradient
/// needs.
Tensor fused_attention(const AttentionPlan& plan, const AttentionRows& rows, const Tensor& query,
                       const Tensor& key, const Tensor& value, Tensor& y);

/// Computes the gradients of query, key and value from g, that of y.
void fused_attention_gradients(const AttentionPlan& plan, const AttentionRows& rows,
                               const Tensor& query, const Tensor& key, const Tensor& value,
                               const Tensor& y, const Tensor& log_sum, const Tensor& g, Tensor& dq,
                               Tensor& dk, Tensor& dv);

/// The weights (…, L, S) of the same attention after dropout, in single operations, recorded;
/// `mask` is the plan's.
Tensor composed_attention_weights(const AttentionPlan& plan, const Tensor& query, const Tensor& key,
                                  const Tensor& mask);
/// Their product with the values.
Tensor weighted_values(const AttentionPlan& plan, const Tensor& weights, const Tensor& value);

}  // namespace gradus::detail
