// Exercise 14.2: many heads from one.
#include <gradus.hpp>

namespace gd = gradus;

// One head with a causal mask: q, k and v (n, steps, d) → (n, steps, d).
gd::Tensor one_head(const gd::Tensor& q, const gd::Tensor& k, const gd::Tensor& v) {
  return gd::scaled_dot_product_attention(q, k, v, {.is_causal = true});
}

// The same with `heads` heads: q, k and v (n, steps, width) → (n, steps, width). Each head takes
// the next width/heads numbers of all three; the results stand side by side in the same order.
// gd::chunk(x, 4, 2) cuts a tensor into four parts along axis 2, gd::cat(tensors, 2) joins them.
gd::Tensor many_heads(const gd::Tensor& q, const gd::Tensor& k, const gd::Tensor& v,
                      int64_t heads) {
  const gd::Tensors qs = gd::chunk(q, heads, 2), ks = gd::chunk(k, heads, 2),
                    vs = gd::chunk(v, heads, 2);
  gd::Tensors results;
  for (std::size_t i = 0; i < qs.size(); ++i) results.push_back(one_head(qs[i], ks[i], vs[i]));
  return gd::cat(results, 2);
}

// The numbers that are learned: weights of the matrices for queries, keys and values, and of the
// one that mixes the results, each (width, width), without biases.
int64_t weights_to_learn(int64_t width, int64_t /*heads*/) {
  return 4 * width * width;
}
