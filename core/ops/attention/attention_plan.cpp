#include "core/ops/attention/attention_plan.hpp"

#include <limits>

#include "core/ops/elementwise.hpp"
#include "core/ops/linear.hpp"
#include "core/ops/masks.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"

namespace gradus::detail {

Tensor AttentionPlan::kept(int64_t head, int64_t first_row, int64_t first_key, DType dtype) const {
  const int64_t across = chunk_count(keys, key_block), down = chunk_count(queries, query_block);
  const int64_t block = (head * down + first_row / query_block) * across + first_key / key_block;
  Rng::State place = draws;
  place.position += static_cast<uint64_t>(block * draws_of_block);
  Tensor result = Tensor::empty({query_block, key_block}, dtype);
  Rng(place).fill_bernoulli(result, 1 - dropout);
  return result *= 1 / (1 - dropout);
}

int64_t AttentionPlan::draws_taken() const {
  return dropout == 0 ? 0
                      : samples * heads * chunk_count(queries, query_block) *
                            chunk_count(keys, key_block) * draws_of_block;
}

// The heads of keys and values, each repeated for those of the queries that share it.
static Tensor repeated(const Tensor& x, int64_t group) {
  if (group == 1) return x;
  const int dim = x.rank() - 2;  // behind the heads
  const Shape spread = x.shape().inserted(dim, group);
  return reshape(expand(reshape(x, x.shape().inserted(dim, 1)), spread),
                 x.shape().with(dim - 1, x.size(dim - 1) * group));
}

// What kept() has for the whole of the scores.
static Tensor all_kept(const AttentionPlan& plan, DType dtype) {
  const int64_t down = chunk_count(plan.queries, AttentionPlan::query_block),
                across = chunk_count(plan.keys, AttentionPlan::key_block);
  const int64_t heads = plan.samples * plan.heads;
  Tensor result = Tensor::empty(
      {heads, down * AttentionPlan::query_block, across * AttentionPlan::key_block}, dtype);
  for (int64_t head = 0; head < heads; ++head)
    for (int64_t i = 0; i < down; ++i)
      for (int64_t j = 0; j < across; ++j) {
        const int64_t row = i * AttentionPlan::query_block, key = j * AttentionPlan::key_block;
        result.assign({head, Slice{row, row + AttentionPlan::query_block},
                       Slice{key, key + AttentionPlan::key_block}},
                      plan.kept(head, row, key, dtype));
      }
  return reshape(result(Slice{}, Slice{0, plan.queries}, Slice{0, plan.keys}), plan.scores);
}

Tensor composed_attention_weights(const AttentionPlan& plan, const Tensor& query, const Tensor& key,
                                  const Tensor& mask) {
  Tensor scores = matmul(query, repeated(key, plan.group), {.b = true}) * plan.scale;
  Tensor allowed;
  if (plan.is_causal)
    allowed = reshape(Tensor::arange(plan.keys), {1, plan.keys}) <=
              reshape(Tensor::arange(plan.queries) + static_cast<double>(plan.first_query),
                      {plan.queries, 1});
  if (mask.defined() && mask.dtype() == DType::boolean)
    allowed = allowed.defined() ? logical_and(allowed, mask) : mask;
  if (mask.defined() && mask.dtype() != DType::boolean) {
    scores = scores + mask;
    const Tensor finite = mask.detach() != -std::numeric_limits<double>::infinity();
    allowed = allowed.defined() ? logical_and(allowed, finite) : finite;
  }
  Tensor weights;
  if (allowed.defined()) {
    // Scores without any key are 0 before the softmax, so that nothing becomes NaN.
    const Tensor full = expand(allowed, plan.scores);
    const Tensor has_key = any(full, {-1}, true);
    const Tensor masked = where(full, scores, -std::numeric_limits<double>::infinity());
    weights = where(has_key, softmax(where(has_key, masked, 0), -1), 0);
  } else {
    weights = softmax(scores, -1);
  }
  return plan.dropout > 0 ? weights * all_kept(plan, query.dtype()) : weights;
}

Tensor weighted_values(const AttentionPlan& plan, const Tensor& weights, const Tensor& value) {
  return matmul(weights, repeated(value, plan.group));
}

}  // namespace gradus::detail
