#include "core/ops/attention/attention.hpp"

#include <cmath>

#include "core/autograd.hpp"
#include "core/ops/attention/plan.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/linear.hpp"
#include "core/ops/masks.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"

namespace gradus {
namespace {

constexpr const char* attention_name = "scaled_dot_product_attention";

Shape leading(const Shape& shape) {
  return Shape(std::span(shape.begin(), static_cast<std::size_t>(shape.rank() - 2)));
}

// The mask with ones before its extents, so that it has the rank of the scores.
Tensor mask_of_rank(const Tensor& mask, DType dtype, const Shape& scores) {
  if (!mask.defined()) return mask;
  require(mask.dtype() == DType::boolean || mask.dtype() == dtype, attention_name,
          "the mask must be bool or {}, got {}", to_string(dtype), to_string(mask.dtype()));
  bool fits = mask.rank() <= scores.rank();
  for (int dim = -1; fits && dim >= -mask.rank(); --dim)
    fits = mask.size(dim) == 1 || mask.size(dim) == scores[dim];
  require(fits, attention_name, "the mask must broadcast to the scores {}, got {}", scores,
          mask.shape());
  Shape shape = mask.shape();
  while (shape.rank() < scores.rank()) shape = shape.inserted(0, 1);
  return reshape(mask, shape);
}

void check(const AttentionOptions& options) {
  require(options.first_query >= 0, attention_name, "first_query must be 0 or more, got {}",
          options.first_query);
  require(options.dropout >= 0 && options.dropout < 1, attention_name,
          "dropout must be 0 or more and below 1, got {}", options.dropout);
  require(options.dropout == 0 || options.rng, attention_name, "dropout needs rng");
}

detail::AttentionPlan make_plan(const Tensor& query, const Tensor& key, const Tensor& value,
                                const AttentionOptions& options) {
  require(query.rank() >= 2 && key.rank() == query.rank() && value.rank() == query.rank(),
          attention_name,
          "query, key and value must have the same rank, 2 or more, got {}, {} and {}",
          query.shape(), key.shape(), value.shape());
  require(query.dtype() == key.dtype() && query.dtype() == value.dtype(), attention_name,
          "query, key and value must have the same type, got {}, {} and {}",
          to_string(query.dtype()), to_string(key.dtype()), to_string(value.dtype()));
  require(query.size(-1) == key.size(-1) && key.size(-2) == value.size(-2), attention_name,
          "query (…, L, E), key (…, S, E) and value (…, S, V) must fit together, got {}, {} and {}",
          query.shape(), key.shape(), value.shape());
  const Shape heads = leading(query.shape()), shared = leading(key.shape());
  int64_t group = 1;
  if (options.enable_gqa && query.rank() >= 3 && shared[-1] > 0) {
    group = heads[-1] / shared[-1];
    require(group > 0 && heads[-1] % shared[-1] == 0, attention_name,
            "the heads of the queries must be a multiple of those of the keys, got {} and {}",
            heads[-1], shared[-1]);
  }
  require(leading(value.shape()) == shared &&
              (heads == shared || (group > 1 && heads.with(-1, shared[-1]) == shared)),
          attention_name,
          "the leading extents of query, key and value must be equal, got {}, {} and {}",
          query.shape(), key.shape(), value.shape());
  check(options);
  const int64_t queries = query.size(-2), keys = key.size(-2);
  const Shape scores = query.shape().with(-1, keys);
  const double scale = options.scale.value_or(
      1 / std::sqrt(static_cast<double>(std::max<int64_t>(1, query.size(-1)))));
  const int64_t in_sample = query.rank() > 2 ? heads[-1] : 1;
  return {heads.numel() / std::max<int64_t>(1, in_sample),
          in_sample,
          group,
          queries,
          keys,
          query.size(-1),
          value.size(-1),
          scale,
          options.is_causal,
          options.first_query,
          mask_of_rank(options.mask, query.dtype(), scores),
          scores,
          options.dropout,
          options.rng ? options.rng->state() : Rng::State{}};
}

}  // namespace

namespace detail {

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

}  // namespace detail

namespace {

void take_draws(const detail::AttentionPlan& plan, Rng* rng) {
  if (plan.draws_taken() > 0)
    *rng = Rng(Rng::State{plan.draws.seed, plan.draws.stream,
                          plan.draws.position + static_cast<uint64_t>(plan.draws_taken())});
}

// The fused form, recorded. The operands are query, key and value, or one tensor that has all of
// them; `composed` computes the same in single operations from the operands and the mask.
template <class Composed>
Tensor attend(const char* operation, const detail::AttentionPlan& plan,
              const detail::AttentionRows& rows, const Tensors& operands, const Shape& shape,
              Composed composed) {
  if (plan.mask.defined() && plan.mask.requires_grad()) return composed(operands, plan.mask);
  Tensor result = Tensor::empty(shape, operands[0].dtype());
  const Tensor log_sum = fused_attention(plan, rows, operands.front(),
                                         operands[operands.size() / 2], operands.back(), result);
  std::vector<Saved> saved;
  for (const Tensor& operand : operands) saved.push_back(save(operand));
  return record(operation, operands, result,
                [=, mask = save(plan.mask)](const Tensor& g, const Tensor& y) {
                  const Tensors in(saved.begin(), saved.end());
                  const Tensor& same_mask = mask;
                  if (grad_enabled())
                    return composed_gradients(
                        [&](const Tensors& t) { return composed(t, same_mask); }, in, g);
                  Tensors gradients;
                  for (const Tensor& operand : in)
                    gradients.push_back(Tensor::zeros(operand.shape(), operand.dtype()));
                  fused_attention_gradients(plan, rows, in.front(), in[in.size() / 2], in.back(), y,
                                            log_sum, g, gradients.front(),
                                            gradients[gradients.size() / 2], gradients.back());
                  return gradients;
                });
}

// (N, L, heads·width) → (N, heads, L, width)
Tensor heads_apart(const Tensor& x, int64_t heads) {
  return transpose(reshape(x, {x.size(0), x.size(1), heads, x.size(2) / heads}), 1, 2);
}

// (N, heads, L, width) → (N, L, heads·width)
Tensor heads_together(const Tensor& x) {
  return reshape(transpose(x, 1, 2), {x.size(0), x.size(2), x.size(1) * x.size(3)});
}

// Of query (N, L, heads·width), key and value (N, S, heads·width).
detail::AttentionPlan plan_of_heads(const char* operation, const Shape& query, const Shape& key,
                                    const Shape& value, DType dtype, int64_t heads,
                                    const AttentionOptions& options) {
  require(query.rank() == 3 && key.rank() == 3 && value.rank() == 3 && query[0] == key[0] &&
              query[2] == key[2] && key[0] == value[0] && key[1] == value[1],
          operation,
          "query (N, L, E), key (N, S, E) and value (N, S, V) must fit together, got {}, {} and {}",
          query, key, value);
  require(heads > 0 && query[2] % heads == 0 && value[2] % heads == 0, operation,
          "the number of heads must divide the widths, got {} heads and widths {} and {}", heads,
          query[2], value[2]);
  check(options);
  const int64_t width = query[2] / heads;
  const Shape scores{query[0], heads, query[1], key[1]};
  return {query[0],
          heads,
          1,
          query[1],
          key[1],
          width,
          value[2] / heads,
          options.scale.value_or(1 / std::sqrt(static_cast<double>(std::max<int64_t>(1, width)))),
          options.is_causal,
          options.first_query,
          mask_of_rank(options.mask, dtype, scores),
          scores,
          options.dropout,
          options.rng ? options.rng->state() : Rng::State{}};
}

}  // namespace

Tensor scaled_dot_product_attention(const Tensor& query, const Tensor& key, const Tensor& value,
                                    const AttentionOptions& options) {
  const detail::AttentionPlan plan = make_plan(query, key, value, options);
  const OperationScope scope(attention_name);
  take_draws(plan, options.rng);
  using detail::HeadRows;
  const int64_t shared = plan.heads / plan.group;
  const detail::AttentionRows rows{HeadRows::in_heads(plan.heads, plan.queries, plan.width),
                                   HeadRows::in_heads(shared, plan.keys, plan.width),
                                   HeadRows::in_heads(shared, plan.keys, plan.value_width),
                                   HeadRows::in_heads(plan.heads, plan.queries, plan.value_width)};
  return attend(
      attention_name, plan, rows, {query, key, value}, query.shape().with(-1, plan.value_width),
      [plan](const Tensors& t, const Tensor& mask) {
        return weighted_values(plan, composed_attention_weights(plan, t[0], t[1], mask), t[2]);
      });
}

Tensor attention_weights(const Tensor& query, const Tensor& key, const AttentionOptions& options) {
  const detail::AttentionPlan plan = make_plan(query, key, key, options);
  const OperationScope scope("attention_weights");
  take_draws(plan, options.rng);
  return composed_attention_weights(plan, query, key, plan.mask);
}

Tensor multihead_attention(const Tensor& query, const Tensor& key, const Tensor& value,
                           int64_t heads, const AttentionOptions& options) {
  constexpr const char* name = "multihead_attention";
  require(query.dtype() == key.dtype() && query.dtype() == value.dtype(), name,
          "query, key and value must have the same type, got {}, {} and {}",
          to_string(query.dtype()), to_string(key.dtype()), to_string(value.dtype()));
  const detail::AttentionPlan plan =
      plan_of_heads(name, query.shape(), key.shape(), value.shape(), query.dtype(), heads, options);
  const OperationScope scope(name);
  take_draws(plan, options.rng);
  using detail::HeadRows;
  const int64_t width = query.size(2), value_width = value.size(2);
  const detail::AttentionRows rows{
      HeadRows::side_by_side(plan.queries, plan.width, width),
      HeadRows::side_by_side(plan.keys, plan.width, width),
      HeadRows::side_by_side(plan.keys, plan.value_width, value_width),
      HeadRows::side_by_side(plan.queries, plan.value_width, value_width)};
  return attend(
      name, plan, rows, {query, key, value}, query.shape().with(-1, value_width),
      [plan](const Tensors& t, const Tensor& mask) {
        const auto apart = [&](const Tensor& x) { return heads_apart(x, plan.heads); };
        return heads_together(weighted_values(
            plan, composed_attention_weights(plan, apart(t[0]), apart(t[1]), mask), apart(t[2])));
      });
}

Tensor self_attention(const Tensor& packed, int64_t heads, const AttentionOptions& options) {
  constexpr const char* name = "self_attention";
  require(packed.rank() == 3 && packed.size(2) % 3 == 0, name,
          "needs queries, keys and values side by side, (N, L, 3·E), got {}", packed.shape());
  const int64_t width = packed.size(2) / 3;
  const Shape part = packed.shape().with(2, width);
  const detail::AttentionPlan plan =
      plan_of_heads(name, part, part, part, packed.dtype(), heads, options);
  const OperationScope scope(name);
  take_draws(plan, options.rng);
  const auto third = [&](int64_t i) {
    detail::HeadRows rows =
        detail::HeadRows::side_by_side(plan.queries, plan.width, packed.size(2));
    rows.start = i * width;
    return rows;
  };
  const detail::AttentionRows rows{third(0), third(1), third(2),
                                   detail::HeadRows::side_by_side(plan.queries, plan.width, width)};
  return attend(name, plan, rows, {packed}, part, [plan](const Tensors& t, const Tensor& mask) {
    const int64_t e = t[0].size(2) / 3;
    const auto apart = [&](int64_t i) {
      return heads_apart(slice(t[0], 2, i * e, (i + 1) * e), plan.heads);
    };
    return heads_together(weighted_values(
        plan, composed_attention_weights(plan, apart(0), apart(1), mask), apart(2)));
  });
}

Tensor cached_attention(const Tensor& query, const Tensor& keys, const Tensor& values,
                        int64_t heads, const AttentionOptions& options) {
  constexpr const char* name = "cached_attention";
  require(query.rank() == 3 && keys.rank() == 3 && values.shape() == keys.shape() &&
              keys.size(1) == query.size(0) && keys.size(2) == query.size(2),
          name, "query (N, L, E), keys and values (S, N, E) must fit together, got {}, {} and {}",
          query.shape(), keys.shape(), values.shape());
  require(!grad_enabled() || !(query.requires_grad() || keys.requires_grad()), name,
          "records nothing: call it under NoGrad");
  const int64_t samples = query.size(0), width = query.size(2);
  const Shape by_sample{samples, keys.size(0), width};
  const detail::AttentionPlan plan =
      plan_of_heads(name, query.shape(), by_sample, by_sample, query.dtype(), heads, options);
  const detail::HeadRows by_query = detail::HeadRows::side_by_side(plan.queries, plan.width, width);
  const detail::HeadRows by_step{0, width, plan.width, samples * width};
  Tensor y = Tensor::empty(query.shape(), query.dtype());
  fused_attention(plan, {by_query, by_step, by_step, by_query}, query, keys, values, y);
  return y;
}

}  // namespace gradus
