// attention_rows: the rows of attention and positions in the table of operations.
#pragma once

#include "core/ops/attention/attention.hpp"
#include "core/ops/attention/positions.hpp"
#include "core/ops/masks.hpp"
#include "tests/core/ops/row.hpp"

namespace gradus::testing {

/// A length that is several blocks long if inputs are large; scores take memory for its square.
inline int64_t length(Sampler& s, int64_t small) {
  return std::min<int64_t>(s.n(small), 150);
}

inline Row attention_row(std::string name, AttentionOptions options, int64_t heads = 2,
                         int64_t shared = 2) {
  const auto inputs = [=](Sampler& s) {
    const int64_t keys = length(s, 5), queries = keys - 1;
    return Tensors{s.real({2, heads, queries, 4}), s.real({2, shared, keys, 4}),
                   s.real({2, shared, keys, 3})};
  };
  return padding({std::move(name), inputs, [=](const Tensors& t) {
                    return scaled_dot_product_attention(t[0], t[1], t[2], options);
                  }});
}

inline std::vector<Row> attention_rows() {
  const auto sequence = [](int64_t parts) {
    return [=](Sampler& s) { return Tensors{s.real({2, length(s, 4), 4 * parts})}; };
  };
  return {
      attention_row("scaled_dot_product_attention", {}),
      attention_row("scaled_dot_product_attention, causal, later queries",
                    {.is_causal = true, .first_query = 1, .scale = 0.3}),
      attention_row("scaled_dot_product_attention, grouped", {.enable_gqa = true}, 4),
      padding({"scaled_dot_product_attention, masked",
               [](Sampler& s) {
                 return Tensors{s.real({2, length(s, 4), 3}), s.real({2, length(s, 4), 3}),
                                s.real({2, length(s, 4), 2}), s.real({2, 1, length(s, 4)})};
               },
               [](const Tensors& t) {
                 return scaled_dot_product_attention(t[0], t[1], t[2], {.mask = t[3]}) +
                        scaled_dot_product_attention(t[0], t[1], t[2], {.mask = t[3].detach() > 0});
               }}),
      padding(
          {"attention_weights",
           [](Sampler& s) {
             return Tensors{s.real({2, length(s, 4), 3}), s.real({2, length(s, 4), 3})};
           },
           [](const Tensors& t) { return attention_weights(t[0], t[1], {.is_causal = true}); }}),
      padding({"multihead_attention",
               [](Sampler& s) {
                 return Tensors{s.real({2, length(s, 3), 4}), s.real({2, length(s, 4), 4}),
                                s.real({2, length(s, 4), 6})};
               },
               [](const Tensors& t) { return multihead_attention(t[0], t[1], t[2], 2); }}),
      padding({"self_attention", sequence(3),
               [](const Tensors& t) { return self_attention(t[0], 2, {.is_causal = true}); }}),
      padding({"rotary_embedding", sequence(1),
               [](const Tensors& t) {
                 return rotary_embedding(t[0], {.offset = 3, .heads = 2}) +
                        rotary_embedding(t[0], {.base = 7, .interleaved = true});
               }}),
  };
}

}  // namespace gradus::testing
