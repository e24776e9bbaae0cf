// scaled_dot_product_attention, multihead_attention, self_attention: each query's mean of the
// values, weighted by how well their keys match it.
#pragma once

#include "core/random.hpp"

namespace gradus {

/// Options of scaled_dot_product_attention().
struct AttentionOptions {
  /// Which pairs of query and key count, broadcast to (…, L, S): bool, true where the query may
  /// attend to the key, or of the queries' type, added to the scores (−∞ masks).
  /// MultiheadAttention's key_padding_mask is the other way round.
  Tensor mask = {};
  /// Query i attends to the keys 0 … i + first_query only.
  bool is_causal = false;
  /// The place of the first query among the keys, for is_causal: with the keys and values of
  /// earlier steps in a cache, how many there are.
  int64_t first_query = 0;
  /// The factor of the scores; 1/√E by default.
  std::optional<double> scale = {};
  /// Dimension −3 has the heads, of which keys and values may have fewer: each of theirs serves the
  /// next Hq/Hkv heads of the queries (grouped-query attention, Ainslie et al. 2023).
  bool enable_gqa = false;
  /// The probability with which a weight is set to 0; the others are multiplied by 1/(1 − dropout).
  double dropout = 0;
  /// For dropout above 0.
  Rng* rng = nullptr;
};

/// softmax(scale·Q·Kᵀ + mask)·V (Vaswani et al. 2017): query (…, L, E), key (…, S, E) and value
/// (…, S, V) with equal leading extents → (…, L, V). A query that may attend to no key gives 0 and
/// has the gradient 0. Memory grows with L + S, not with L·S: scores are computed block by block,
/// with a running softmax (Dao et al. 2022), and again for the gradient; second derivatives and
/// gradients of the mask take L·S. Throws std::invalid_argument for other shapes and types, and for
/// a dropout outside [0, 1) or without rng.
Tensor scaled_dot_product_attention(const Tensor& query, const Tensor& key, const Tensor& value,
                                    const AttentionOptions& options = {});

/// The weights of the values, (…, L, S): softmax(scale·Q·Kᵀ + mask), after dropout. Takes memory
/// for all of them. Throws like scaled_dot_product_attention().
Tensor attention_weights(const Tensor& query, const Tensor& key,
                         const AttentionOptions& options = {});

/// The same attention for heads side by side, without moving them apart: of query (N, L, E), key
/// (N, S, E) and value (N, S, V) each head takes its part of the last dimension → (N, L, V). A mask
/// broadcasts to (N, heads, L, S). Throws std::invalid_argument for other shapes and types, and
/// unless `heads` divides both widths.
Tensor multihead_attention(const Tensor& query, const Tensor& key, const Tensor& value,
                           int64_t heads, const AttentionOptions& options = {});

/// The same for queries, keys and values side by side in one tensor (N, L, 3·E) → (N, L, E), as one
/// projection gives them. Throws in the same way.
Tensor self_attention(const Tensor& packed, int64_t heads, const AttentionOptions& options = {});

/// The same for keys and values in the order of their steps, (S, N, E), as they are appended while
/// a sequence is continued. Throws in the same way, and where it would have to be recorded.
Tensor cached_attention(const Tensor& query, const Tensor& keys, const Tensor& values,
                        int64_t heads, const AttentionOptions& options = {});

/// The heads of x (N, L, heads·d), apart: (N, heads, L, d). Throws std::invalid_argument for other
/// shapes.
Tensor split_heads(const Tensor& x, int64_t heads);
/// Back again: (N, heads, L, d) → (N, L, heads·d). Throws std::invalid_argument for other shapes.
Tensor merge_heads(const Tensor& x);

}  // namespace gradus
