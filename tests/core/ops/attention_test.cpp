// Attention: blocks, masks, dropout, memory, errors.
#include "core/ops/attention/attention.hpp"

#include <doctest/doctest.h>

#include "core/autograd.hpp"
#include "core/ops/attention/positions.hpp"
#include "core/ops/linear.hpp"
#include "core/ops/masks.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "core/parallel.hpp"
#include "core/storage.hpp"
#include "tests/refuses.hpp"
#include "tests/same_bits.hpp"

using namespace gradus;
using gradus::testing::refuses;
using gradus::testing::same_bits;

namespace {

struct Operands {
  Tensor query, key, value;
};

Operands random_operands(const Shape& queries, const Shape& keys, DType dtype = DType::f64) {
  Rng rng(3);
  const auto leaf = [&](const Shape& shape) {
    return randn(shape, rng, dtype).set_requires_grad();
  };
  return {leaf(queries), leaf(keys), leaf(keys)};
}

// The definition, with the whole of the scores.
Tensor defined_attention(const Operands& x, const Tensor& allowed) {
  const Tensor scores =
      matmul(x.query, x.key, {.b = true}) * (1 / std::sqrt(static_cast<double>(x.query.size(-1))));
  return matmul(softmax(where(allowed, scores, -INFINITY), -1), x.value);
}

double largest_gap(const Tensor& a, const Tensor& b) {
  return amax((a - b).abs()).item();
}

}  // namespace

TEST_CASE("attention over several blocks of queries and keys equals its definition") {
  const Operands x = random_operands({2, 150, 8}, {2, 300, 8});
  Rng rng(4);
  const Tensor g = randn(x.query.shape(), rng, DType::f64);
  for (const bool is_causal : {false, true}) {
    CAPTURE(is_causal);
    const Tensor places = Tensor::arange(300) - 20.;
    const Tensor allowed = is_causal
                               ? reshape(places, {1, 300}) <= reshape(Tensor::arange(150), {150, 1})
                               : Tensor::full({150, 300}, 1, DType::boolean);
    const Tensor y = scaled_dot_product_attention(x.query, x.key, x.value,
                                                  {.is_causal = is_causal, .first_query = 20});
    const Tensor wanted = defined_attention(x, allowed);
    CHECK(largest_gap(y, wanted) < 1e-14);
    const Tensors inputs{x.query, x.key, x.value};
    const Tensors got = grad({y}, inputs, {.grad_outputs = {g}});
    const Tensors right = grad({wanted}, inputs, {.grad_outputs = {g}});
    for (std::size_t i = 0; i < 3; ++i) CHECK(largest_gap(got[i], right[i]) < 1e-13);
  }
}

TEST_CASE("a query's bits don't depend on the queries and masked keys beside it") {
  const Operands x = random_operands({3, 140, 8}, {3, 140, 8}, DType::f32);
  const NoGrad no_grad;
  const Tensor all = scaled_dot_product_attention(x.query, x.key, x.value, {.is_causal = true});
  for (const int64_t i : {0, 1, 63, 64, 127, 128, 139}) {
    CAPTURE(i);
    const Tensor one = scaled_dot_product_attention(
        slice(x.query, 1, i, i + 1), slice(x.key, 1, 0, i + 1), slice(x.value, 1, 0, i + 1));
    CHECK(same_bits({one}, {slice(all, 1, i, i + 1)}));
  }
}

TEST_CASE("a query without any key gives 0 and has the gradient 0") {
  const Operands x = random_operands({1, 2, 3}, {1, 4, 3});
  const Tensor mask = Tensor::from({{1., 0., 1., 1.}, {0., 0., 0., 0.}}) != 0;
  const Tensor y = scaled_dot_product_attention(x.query, x.key, x.value, {.mask = mask});
  CHECK(amax(y[0][1].abs()).item() == 0);
  sum(y).backward();
  CHECK(amax(x.query.grad()[0][1].abs()).item() == 0);
  CHECK(amax(x.query.grad()[0][0].abs()).item() > 0);
  CHECK(amax(x.value.grad()[0][1].abs()).item() == 0);
  const Tensor none = scaled_dot_product_attention(Tensor::ones({2, 3}), Tensor::ones({0, 3}),
                                                   Tensor::ones({0, 5}));
  CHECK(none.shape() == Shape{2, 5});
  CHECK(amax(none.abs()).item() == 0);
}

TEST_CASE("dropout of attention keeps the mean, in both forms and for any number of threads") {
  const Operands x = random_operands({2, 3, 70, 8}, {2, 3, 200, 8}, DType::f32);
  const auto run = [&](uint64_t seed, bool composed) {
    Rng rng(seed);
    const AttentionOptions options{.dropout = 0.25, .rng = &rng};
    const Tensor y = composed ? matmul(attention_weights(x.query, x.key, options), x.value)
                              : scaled_dot_product_attention(x.query, x.key, x.value, options);
    CHECK(rng.state().position == 6 * 2 * 2 * 64 * 128 / 4);
    return y;
  };
  const Tensor y = run(1, false);
  CHECK(largest_gap(y, run(1, true)) < 1e-5);
  CHECK(largest_gap(y, run(2, false)) > 0.01);
  set_num_threads(1);
  const Tensor serial = run(1, false);
  set_num_threads(2);
  CHECK(same_bits({run(1, false)}, {serial}));
  const Tensor weights = attention_weights(x.query, x.key);
  Rng rng(5);
  const Tensor dropped = attention_weights(x.query, x.key, {.dropout = 0.25, .rng = &rng});
  const double kept = mean((dropped != 0).to(DType::f64)).item();
  CHECK(kept == doctest::Approx(0.75).epsilon(0.01));
  CHECK(largest_gap(where(dropped != 0, dropped * 0.75, weights), weights) < 1e-6);
}

TEST_CASE("memory of attention grows with the length, not with its square") {
  const auto peak = [](int64_t length) {
    const Operands x = random_operands({1, length, 16}, {1, length, 16}, DType::f32);
    reset_peak_memory();
    const std::size_t before = memory_stats().in_use;
    sum(scaled_dot_product_attention(x.query, x.key, x.value, {.is_causal = true})).backward();
    return memory_stats().peak - before;
  };
  const std::size_t half = peak(2048), whole = peak(4096);
  CHECK(static_cast<double>(whole) < 2.4 * static_cast<double>(half));
}

TEST_CASE("rotary positions make the product of a query and a key depend on their distance") {
  Rng rng(6);
  const Tensor q = randn({1, 8}, rng, DType::f64), k = randn({1, 8}, rng, DType::f64);
  const auto product = [&](int64_t place_q, int64_t place_k) {
    return sum(rotary_embedding(q, {.offset = place_q}) * rotary_embedding(k, {.offset = place_k}))
        .item();
  };
  CHECK(product(7, 3) == doctest::Approx(product(104, 100)).epsilon(1e-12));
  CHECK(std::abs(product(7, 3) - product(7, 4)) > 1e-3);
  const Tensor heads = randn({2, 5, 12}, rng);
  const Tensor apart = transpose(reshape(heads, {2, 5, 3, 4}), 1, 2);
  const Tensor together = reshape(transpose(rotary_embedding(apart), 1, 2), {2, 5, 12});
  CHECK(same_bits({rotary_embedding(heads, {.heads = 3})}, {together}));
}

TEST_CASE("errors of attention") {
  const Tensor q = Tensor::ones({2, 4, 6});
  refuses(
      [&] {
        scaled_dot_product_attention(q, Tensor::ones({2, 5, 7}), q);
      },
      "[scaled_dot_product_attention] query (…, L, E), key (…, S, E) and value (…, S, V) must "
      "fit together, got (2, 4, 6), (2, 5, 7) and (2, 4, 6)");
  refuses(
      [&] {
        scaled_dot_product_attention(q, q, Tensor::ones({4, 6}));
      },
      "[scaled_dot_product_attention] query, key and value must have the same rank, 2 or more, "
      "got (2, 4, 6), (2, 4, 6) and (4, 6)");
  refuses([&] { scaled_dot_product_attention(q, q, q.to(DType::f64)); },
          "[scaled_dot_product_attention] query, key and value must have the same type, got f32, "
          "f32 and f64");
  refuses(
      [&] {
        scaled_dot_product_attention(q, q, q, {.mask = Tensor::ones({3, 4})});
      },
      "[scaled_dot_product_attention] the mask must broadcast to the scores (2, 4, 4), got (3, "
      "4)");
  refuses([&] { scaled_dot_product_attention(q, q, q, {.mask = Tensor::arange(4)}); },
          "[scaled_dot_product_attention] the mask must be bool or f32, got i64");
  refuses([&] { scaled_dot_product_attention(q, q, q, {.dropout = 1}); },
          "[scaled_dot_product_attention] dropout must be 0 or more and below 1, got 1");
  refuses([&] { scaled_dot_product_attention(q, q, q, {.dropout = 0.1}); },
          "[scaled_dot_product_attention] dropout needs rng");
  refuses([&] { scaled_dot_product_attention(q, q, q, {.first_query = -1}); },
          "[scaled_dot_product_attention] first_query must be 0 or more, got -1");
  const Tensor five = Tensor::ones({5, 4, 6});
  refuses([&] { scaled_dot_product_attention(five, q, q, {.enable_gqa = true}); },
          "[scaled_dot_product_attention] the heads of the queries must be a multiple of those of "
          "the keys, got 5 and 2");
  refuses([&] { scaled_dot_product_attention(five, q, q); },
          "[scaled_dot_product_attention] the leading extents of query, key and value must be "
          "equal, got (5, 4, 6), (2, 4, 6) and (2, 4, 6)");
  refuses([&] { multihead_attention(q, q, q, 4); },
          "[multihead_attention] the number of heads must divide the widths, got 4 heads and "
          "widths 6 and 6");
  refuses(
      [&] {
        self_attention(Tensor::ones({2, 4, 7}), 1);
      },
      "[self_attention] needs queries, keys and values side by side, (N, L, 3·E), got (2, 4, "
      "7)");
  refuses(
      [&] {
        cached_attention(q, Tensor::ones({5, 3, 6}), Tensor::ones({5, 3, 6}), 2);
      },
      "[cached_attention] query (N, L, E), keys and values (S, N, E) must fit together, got (2, "
      "4, 6), (5, 3, 6) and (5, 3, 6)");
  const Tensor steps = Tensor::ones({5, 2, 6});
  refuses([&] { cached_attention(q, steps, steps.to(DType::f64), 2); },
          "[cached_attention] query, key and value must have the same type, got f32, f32 and f64");
  refuses([&] { split_heads(q, 4); },
          "[split_heads] needs x (N, L, heads·d), got (2, 4, 6) and 4 heads");
  refuses([&] { merge_heads(q); }, "[merge_heads] needs x (N, heads, L, d), got (2, 4, 6)");
  refuses(
      [&] {
        rotary_embedding(Tensor::ones({4, 3}));
      },
      "[rotary_embedding] needs x (…, L, heads·d) with an even d, got (4, 3) and 1 heads");
  refuses([&] { rotary_embedding(q, {.base = 0}); },
          "[rotary_embedding] base must be positive and finite, got 0");
  refuses([&] { sinusoidal_positions(-1, 4); },
          "[sinusoidal_positions] length and width must be 0 or more, got -1 and 4");
}
