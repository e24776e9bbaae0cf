#include "core/ops/attention/attention.hpp"

#include <cmath>

#include "core/autograd.hpp"
#include "core/ops/attention/attention_plan.hpp"
#include "core/ops/detail/checks.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/linear.hpp"
#include "core/ops/masks.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"

namespace gradus {
namespace {

constexpr const char* attention_name = "scaled_dot_product_attention";

// The mask with ones before its extents, so that it has the rank of the scores.
Tensor mask_of_rank(const char* operation, const Tensor& mask, DType dtype, const Shape& scores) {
  if (!mask.defined()) return mask;
  require(mask.dtype() == DType::boolean || mask.dtype() == dtype, operation,
          "the mask must be bool or {}, got {}", to_string(dtype), to_string(mask.dtype()));
  bool fits = mask.rank() <= scores.rank();
  for (int dim = -1; fits && dim >= -mask.rank(); --dim)
    fits = mask.size(dim) == 1 || mask.size(dim) == scores[dim];
  require(fits, operation, "the mask must broadcast to the scores {}, got {}", scores,
          mask.shape());
  Shape shape = mask.shape();
  while (shape.rank() < scores.rank()) shape = shape.inserted(0, 1);
  return reshape(mask, shape);
}

void check_types(const char* operation, const Tensor& query, const Tensor& key,
                 const Tensor& value) {
  require(query.dtype() == key.dtype() && query.dtype() == value.dtype(), operation,
          "query, key and value must have the same type, got {}, {} and {}",
          to_string(query.dtype()), to_string(key.dtype()), to_string(value.dtype()));
}

void check(const char* operation, const AttentionOptions& options) {
  require(options.first_query >= 0, operation, "first_query must be 0 or more, got {}",
          options.first_query);
  require(options.dropout >= 0 && options.dropout < 1, operation,
          "dropout must be 0 or more and below 1, got {}", options.dropout);
  require(options.dropout == 0 || options.rng, operation, "dropout needs rng");
}

using Extents = detail::AttentionExtents;

// The plan for these extents; the scores have the shape `scores`.
detail::AttentionPlan plan_of(const char* operation, const Extents& extents, const Shape& scores,
                              DType dtype, const AttentionOptions& options) {
  check(operation, options);
  const auto width = static_cast<double>(std::max<int64_t>(1, extents.width));
  return {extents,
          options.scale.value_or(1 / std::sqrt(width)),
          options.is_causal,
          options.first_query,
          mask_of_rank(operation, options.mask, dtype, scores),
          scores,
          options.dropout,
          options.rng ? options.rng->state() : Rng::State{}};
}

// Of operands with their heads apart.
detail::AttentionPlan plan_of_tensors(const char* operation, const Tensor& query, const Tensor& key,
                                      const Tensor& value, const AttentionOptions& options) {
  require(query.rank() >= 2 && key.rank() == query.rank() && value.rank() == query.rank(),
          operation, "query, key and value must have the same rank, 2 or more, got {}, {} and {}",
          query.shape(), key.shape(), value.shape());
  check_types(operation, query, key, value);
  require(query.size(-1) == key.size(-1) && key.size(-2) == value.size(-2), operation,
          "query (…, L, E), key (…, S, E) and value (…, S, V) must fit together, got {}, {} and {}",
          query.shape(), key.shape(), value.shape());
  const Shape heads = detail::leading(query.shape()), shared = detail::leading(key.shape());
  int64_t group = 1;
  if (options.enable_gqa && query.rank() >= 3 && shared[-1] > 0) {
    group = heads[-1] / shared[-1];
    require(group > 0 && heads[-1] % shared[-1] == 0, operation,
            "the heads of the queries must be a multiple of those of the keys, got {} and {}",
            heads[-1], shared[-1]);
  }
  require(detail::leading(value.shape()) == shared &&
              (heads == shared || (group > 1 && heads.with(-1, shared[-1]) == shared)),
          operation, "the leading extents of query, key and value must be equal, got {}, {} and {}",
          query.shape(), key.shape(), value.shape());
  const int64_t in_sample = query.rank() > 2 ? heads[-1] : 1;
  const int64_t samples = heads.numel() / std::max<int64_t>(1, in_sample);
  const Extents extents{samples,      in_sample,      group,         query.size(-2),
                        key.size(-2), query.size(-1), value.size(-1)};
  return plan_of(operation, extents, query.shape().with(-1, key.size(-2)), query.dtype(), options);
}

void take_draws(const detail::AttentionPlan& plan, Rng* rng) {
  if (plan.draws_taken() > 0)
    *rng = Rng(Rng::State{plan.draws.seed, plan.draws.stream,
                          plan.draws.position + static_cast<uint64_t>(plan.draws_taken())});
}

// The fused form, recorded. The operands are query, key and value, or one tensor that has all of
// them; `composed` computes the same in single operations from the operands and the mask. It also
// gives the gradient of the mask.
template <class Composed>
Tensor attend(const char* operation, const detail::AttentionPlan& plan,
              const detail::AttentionRows& rows, const Tensors& operands, const Shape& shape,
              Composed composed) {
  const std::size_t count = operands.size(), middle = count / 2;
  Tensor result = Tensor::empty(shape, operands[0].dtype());
  const Tensor log_sum =
      fused_attention(plan, rows, operands[0], operands[middle], operands.back(), result);
  Tensors inputs = operands;
  inputs.push_back(plan.mask);
  std::vector<Saved> saved;
  for (const Tensor& input : inputs) saved.push_back(save(input));
  return record(operation, inputs, result, [=](const Tensor& g, const Tensor& y) {
    const Tensors in(saved.begin(), saved.end());
    const auto by_all = [&](const Tensors& t) {
      return composed(Tensors(t.begin(), t.end() - 1), t.back());
    };
    if (grad_enabled()) return composed_gradients(by_all, in, g);
    Tensors gradients;
    for (std::size_t i = 0; i < count; ++i)
      gradients.push_back(Tensor::empty(in[i].shape(), in[i].dtype()));
    fused_attention_gradients(plan, rows, in[0], in[middle], in[count - 1], y, log_sum, g,
                              gradients[0], gradients[middle], gradients.back());
    gradients.emplace_back();
    if (in.back().defined() && in.back().requires_grad()) {
      const GradMode recorded(true);
      Tensors constant;
      for (std::size_t i = 0; i < count; ++i) constant.push_back(in[i].detach());
      constant.push_back(in.back());
      gradients.back() = composed_gradients(by_all, constant, g).back().detach();
    }
    return gradients;
  });
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
  const Extents extents{query[0], heads, 1, query[1], key[1], query[2] / heads, value[2] / heads};
  return plan_of(operation, extents, {query[0], heads, query[1], key[1]}, dtype, options);
}

}  // namespace

Tensor split_heads(const Tensor& x, int64_t heads) {
  require(x.rank() == 3 && heads > 0 && x.size(2) % heads == 0, "split_heads",
          "needs x (N, L, heads·d), got {} and {} heads", x.shape(), heads);
  return transpose(reshape(x, {x.size(0), x.size(1), heads, x.size(2) / heads}), 1, 2);
}

Tensor merge_heads(const Tensor& x) {
  require(x.rank() == 4, "merge_heads", "needs x (N, heads, L, d), got {}", x.shape());
  return reshape(transpose(x, 1, 2), {x.size(0), x.size(2), x.size(1) * x.size(3)});
}

Tensor scaled_dot_product_attention(const Tensor& query, const Tensor& key, const Tensor& value,
                                    const AttentionOptions& options) {
  const detail::AttentionPlan plan = plan_of_tensors(attention_name, query, key, value, options);
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
  constexpr const char* name = "attention_weights";
  const detail::AttentionPlan plan = plan_of_tensors(name, query, key, key, options);
  const OperationScope scope(name);
  take_draws(plan, options.rng);
  return composed_attention_weights(plan, query, key, plan.mask);
}

Tensor multihead_attention(const Tensor& query, const Tensor& key, const Tensor& value,
                           int64_t heads, const AttentionOptions& options) {
  constexpr const char* name = "multihead_attention";
  check_types(name, query, key, value);
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
        const auto apart = [&](const Tensor& x) { return split_heads(x, plan.heads); };
        return merge_heads(weighted_values(
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
      return split_heads(slice(t[0], 2, i * e, (i + 1) * e), plan.heads);
    };
    return merge_heads(weighted_values(
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
  check_types(name, query, keys, values);
  require(!detail::wants_record(std::array{query, keys, values}), name,
          "records nothing: call it under NoGrad");
  const int64_t samples = query.size(0), width = query.size(2);
  const Shape by_sample{samples, keys.size(0), width};
  const detail::AttentionPlan plan =
      plan_of_heads(name, query.shape(), by_sample, by_sample, query.dtype(), heads, options);
  take_draws(plan, options.rng);
  const detail::HeadRows by_query = detail::HeadRows::side_by_side(plan.queries, plan.width, width);
  const detail::HeadRows by_step{0, width, plan.width, samples * width};
  Tensor y = Tensor::empty(query.shape(), query.dtype());
  fused_attention(plan, {by_query, by_step, by_step, by_query}, query, keys, values, y);
  return y;
}

}  // namespace gradus
