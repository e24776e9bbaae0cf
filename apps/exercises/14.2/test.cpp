// Hint: cut all three with gd::chunk, call one_head for the parts with the same number, collect the
// results in a gd::Tensors, and join them. The heads share the width: count the matrices.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

void check() {
  gd::Rng rng(1);
  const gd::Tensor q = gd::randn({2, 5, 12}, rng), k = gd::randn({2, 5, 12}, rng),
                   v = gd::randn({2, 5, 12}, rng);
  for (const int64_t heads : {1, 2, 3, 12})
    exercise::expect_near(fmt::format("many_heads(q, k, v, {})", heads), many_heads(q, k, v, heads),
                          gd::multihead_attention(q, k, v, heads, {.is_causal = true}));
  for (const int64_t heads : {1, 4}) {
    gd::layers::MultiheadAttention layer(16, heads, rng, {.bias = false});
    exercise::expect_near(fmt::format("weights_to_learn(16, {})", heads),
                          static_cast<double>(weights_to_learn(16, heads)),
                          static_cast<double>(layer.parameter_count()), 0);
  }
}
