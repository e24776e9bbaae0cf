// MultiheadAttention and transformer layers: names, forms that must agree, caches, norms, errors.
#include "layers/attention/transformer.hpp"

#include <doctest/doctest.h>

#include "core/ops/masks.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "layers/norm/normalizations.hpp"
#include "tests/refuses.hpp"
#include "tests/same_bits.hpp"

using namespace gradus;
using gradus::testing::refuses;
using gradus::testing::same_bits;
using namespace gradus::layers;

namespace {

double largest_gap_between(const Tensor& a, const Tensor& b) {
  return amax((a - b).abs()).item();
}

std::vector<std::string> names(Module& module) {
  std::vector<std::string> result;
  for (const auto& [name, tensor] : module.state_dict()) result.push_back(name);
  return result;
}

}  // namespace

TEST_CASE("transformer layers have PyTorch's names, in its order") {
  Rng rng(1);
  TransformerDecoderLayer decoder({.width = 4, .heads = 2}, rng);
  CHECK(names(decoder) ==
        std::vector<std::string>{"self_attn.in_proj_weight", "self_attn.in_proj_bias",
                                 "self_attn.out_proj.weight", "self_attn.out_proj.bias",
                                 "multihead_attn.in_proj_weight", "multihead_attn.in_proj_bias",
                                 "multihead_attn.out_proj.weight", "multihead_attn.out_proj.bias",
                                 "linear1.weight", "linear1.bias", "linear2.weight", "linear2.bias",
                                 "norm1.weight", "norm1.bias", "norm2.weight", "norm2.bias",
                                 "norm3.weight", "norm3.bias"});
  TransformerEncoder encoder({.width = 4, .heads = 2, .hidden = 6, .bias = false}, 2, rng, true);
  CHECK(names(encoder) ==
        std::vector<std::string>{"layers.0.self_attn.in_proj_weight",
                                 "layers.0.self_attn.out_proj.weight", "layers.0.linear1.weight",
                                 "layers.0.linear2.weight", "layers.0.norm1.weight",
                                 "layers.0.norm2.weight", "layers.1.self_attn.in_proj_weight",
                                 "layers.1.self_attn.out_proj.weight", "layers.1.linear1.weight",
                                 "layers.1.linear2.weight", "layers.1.norm1.weight",
                                 "layers.1.norm2.weight", "norm.weight"});
  CHECK(encoder.description() ==
        "TransformerEncoder(2 × TransformerEncoderLayer(4, heads=2, hidden=6, bias=false), "
        "LayerNorm((4), bias=false))");
}

TEST_CASE("the forms of multi-head attention agree") {
  Rng rng(2);
  const Tensor x = randn({3, 7, 8}, rng);
  MultiheadAttention attention(8, 2, rng, {.is_causal = true});
  const NoGrad no_grad;
  const Tensor y = attention(x);
  const auto [again, weights] = attention.run(x, {.is_causal = true, .need_weights = true});
  CHECK(largest_gap_between(y, again) < 1e-6);
  CHECK(weights.shape() == Shape{3, 7, 7});
  CHECK(largest_gap_between(sum(weights, {2}), Tensor::ones({3, 7})) < 1e-6);
  CHECK(largest_gap_between(weights[0][0], Tensor::from({1.f, 0.f, 0.f, 0.f, 0.f, 0.f, 0.f})) == 0);
  const Tensor crossed = attention.run(x, {.key = x, .value = x, .is_causal = true}).y;
  CHECK(largest_gap_between(y, crossed) < 1e-6);
  CHECK(attention.flops({3, 7, 8}, {3, 7, 8}) == 4 * 21 * 7 * 8);
}

TEST_CASE("with a cache, each step has the bits that it has without") {
  for (const bool rotary : {false, true}) {
    CAPTURE(rotary);
    Rng rng(3);
    TransformerEncoder encoder({.width = 16,
                                .heads = 4,
                                .activation = "gelu",
                                .norm_first = true,
                                .is_causal = true,
                                .rotary = rotary},
                               2, rng, true);
    const Tensor x = randn({2, 12, 16}, rng);
    const NoGrad no_grad;
    const Tensor whole = encoder(x);
    std::vector<KeyValueCache> caches(2, KeyValueCache(12));
    const AttentionInput input{.is_causal = true};
    Tensors steps{encoder.run(slice(x, 1, 0, 5), input, &caches)};
    for (int64_t i = 5; i < 12; ++i)
      steps.push_back(encoder.run(slice(x, 1, i, i + 1), input, &caches));
    CHECK(caches[1].length() == 12);
    CHECK(same_bits({cat(steps, 1)}, {whole}));
    CHECK_THROWS_WITH(encoder.run(slice(x, 1, 0, 1), input, &caches),
                      "layer layers.0.self_attn: [key_value_cache] (2, 1, 16) more steps don't fit "
                      "into the cache (12, 2, "
                      "16) with 12 steps");
  }
}

TEST_CASE("a copy of a cache continues by itself") {
  Rng rng(8);
  MultiheadAttention attention(4, 2, rng);
  const Tensor x = randn({1, 3, 4}, rng);
  const NoGrad no_grad;
  const auto step = [&](KeyValueCache& cache, int64_t i) {
    return attention.run(slice(x, 1, i, i + 1), {.is_causal = true, .cache = &cache}).y;
  };
  KeyValueCache cache(4);
  step(cache, 0);
  KeyValueCache branch = cache, same = cache;
  const Tensor wanted = step(same, 1);
  step(branch, 2);
  CHECK(branch.length() == 2);
  CHECK(cache.length() == 1);
  CHECK(same_bits({step(cache, 1)}, {wanted}));
}

TEST_CASE("errors name the part of a transformer") {
  Rng rng(9);
  TransformerEncoder encoder({.width = 4, .heads = 2}, 2, rng);
  CHECK_THROWS_WITH_AS(
      encoder(Tensor::ones({1, 2, 4}, DType::f64)),
      "layer layers.0.self_attn.in_proj: [linear] all types must be equal: input f64, "
      "weight f32, bias f32",
      std::invalid_argument);
}

TEST_CASE("padding is ignored, and a query with nothing but padding gets the output's bias") {
  Rng rng(4);
  MultiheadAttention attention(4, 2, rng);
  const Tensor x = randn({2, 3, 4}, rng);
  const Tensor padding = Tensor::from({{0., 0., 1.}, {1., 1., 1.}}) != 0;
  const NoGrad no_grad;
  const Tensor y = attention.run(x, {.key_padding_mask = padding}).y;
  CHECK(largest_gap_between(y[1], Tensor::zeros({3, 4})) == 0);
  const Tensor shorter = attention.run(slice(x, 1, 0, 2)).y;
  CHECK(largest_gap_between(slice(y[0], 0, 0, 2), shorter[0]) < 1e-6);
  const Tensor added =
      attention.run(x, {.mask = Tensor::zeros({3, 3}), .key_padding_mask = padding}).y;
  CHECK(same_bits({added}, {y}));
}

TEST_CASE("any norm stands in a transformer, over the values of each step") {
  Rng rng(5);
  const Tensor x = randn({4, 6, 8}, rng);
  for (const char* norm : {"layer", "rms", "batch", "none"}) {
    CAPTURE(norm);
    TransformerEncoderLayer layer({.width = 8, .heads = 2, .norm = norm}, rng);
    const Tensor y = layer(x);
    CHECK(y.shape() == x.shape());
    sum(y.square()).backward();
    for (const auto& [name, parameter] : layer.parameters()) CHECK(parameter.grad().defined());
  }
}

TEST_CASE("dropout of a transformer is active in training only") {
  Rng rng(6);
  TransformerEncoderLayer layer({.width = 8, .heads = 2, .dropout = 0.3}, rng);
  const Tensor x = randn({2, 5, 8}, rng);
  const NoGrad no_grad;
  CHECK(largest_gap_between(layer(x), layer(x)) > 0.01);
  layer.evaluate();
  CHECK(same_bits({layer(x)}, {layer(x)}));
}

TEST_CASE("errors of transformer layers") {
  Rng rng(7);
  refuses([&] { MultiheadAttention(6, 4, rng); },
          "[multihead_attention] heads must divide the width, got 4 heads and width 6");
  refuses([&] { MultiheadAttention(6, 2, rng, {.rotary = true}); },
          "[multihead_attention] rotary positions need heads of an even width, got 3");
  refuses([&] { MultiheadAttention(6, 2, rng, {.dropout = 1}); },
          "[multihead_attention] dropout must be 0 or more and below 1, got 1");
  refuses([&] { TransformerEncoderLayer({.width = 4}, rng); },
          "[TransformerEncoderLayer] heads must be 1 or more, got 0");
  refuses([&] { TransformerEncoder({.width = 4, .heads = 2}, 0, rng); },
          "[TransformerEncoder] count must be 1 or more, got 0");
  MultiheadAttention attention(4, 2, rng);
  refuses(
      [&] {
        attention(Tensor::ones({2, 4}));
      },
      "[multihead_attention] inputs must be query (N, L, 4), key and value (N, S, 4), got (2, "
      "4), (2, 4) and (2, 4)");
  refuses(
      [&] {
        attention.run(Tensor::ones({2, 3, 4}), {.key_padding_mask = Tensor::ones({2, 3})});
      },
      "[multihead_attention] key_padding_mask must be bool (2, 3), got f32 (2, 3)");
  KeyValueCache cache(2);
  refuses(
      [&] {
        attention.run(Tensor::ones({1, 1, 4}), {.need_weights = true, .cache = &cache});
      },
      "[multihead_attention] the weights of an attention with a cache aren't computed: "
      "need_weights "
      "must be false");
  refuses(
      [&] {
        attention.run(Tensor::ones({1, 1, 4}), {.cache = &cache});
      },
      "[cached_attention] records nothing: call it under NoGrad");
  refuses(
      [&] {
        cache.append(Tensor::ones({1, 1}), Tensor::ones({1, 1}));
      },
      "[key_value_cache] needs keys and values (N, L, E) of one type, got f32 (1, 1) and f32 "
      "(1, 1)");
  TransformerDecoderLayer decoder({.width = 4, .heads = 2}, rng);
  CHECK_THROWS_WITH_AS(decoder(Tensor::ones({1, 2, 4})),
                       "[transformer_decoder_layer] needs a memory: call run(x, {.memory = …})",
                       std::logic_error);
}

TEST_CASE("each layer of a decoder tells how much it attends to the memory") {
  Rng rng(1);
  TransformerDecoder decoder({.width = 4, .heads = 2}, 2, rng);
  const Tensor x = randn({3, 2, 4}, rng), memory = randn({3, 5, 4}, rng);
  const Tensor last = Tensor::from<int64_t>({0, 0, 0, 0, 1}, {5}) == 1;
  const Tensor padding = expand(last, {3, 5});
  Tensors weights;
  const DecoderInput input{.memory = memory, .memory_key_padding_mask = padding};
  DecoderInput asking = input;
  asking.memory_weights = &weights;
  const Tensor y = decoder.run(x, asking);
  CHECK(largest_gap_between(y, decoder.run(x, input)) < 1e-6);
  REQUIRE(weights.size() == 2);
  for (const Tensor& w : weights) {
    CHECK(w.shape() == Shape{3, 2, 5});
    CHECK(allclose(w.sum({2}), Tensor::ones({3, 2})));
    CHECK(w(Slice{}, Slice{}, 4).amax().item() == 0);
  }
  TransformerDecoderLayer& layer = decoder.layers()[0];
  Tensors of_layer;
  layer.run(x, {.memory = memory, .memory_key_padding_mask = padding, .memory_weights = &of_layer});
  REQUIRE(of_layer.size() == 1);
  CHECK(largest_gap_between(of_layer[0], weights[0]) == 0);
}

TEST_CASE("A normalization of weights reaches the projections of attention, in all its forms") {
  for (const char* norm : {"weight", "weight-std", "spectral", "cosine"}) {
    CAPTURE(norm);
    Rng rng(10);
    MultiheadAttention attention(8, 2, rng, {.is_causal = true});
    normalize_weights(attention, norm);
    attention.evaluate();
    const Tensor x = randn({2, 5, 8}, rng);
    const NoGrad no_grad;
    const Tensor y = attention(x);
    CHECK(largest_gap_between(y, attention.run(x, {.key = x, .is_causal = true}).y) < 1e-6);
    KeyValueCache cache(5);
    CHECK(largest_gap_between(y, attention.run(x, {.is_causal = true, .cache = &cache}).y) < 1e-6);
    if (std::string(norm) == "cosine") continue;
    fold(attention);
    CHECK(names(attention)[0] == "in_proj_weight");
    CHECK(largest_gap_between(y, attention(x)) < 1e-5);
  }
  Rng rng(11);
  MultiheadAttention attention(4, 2, rng);
  normalize_weights(attention, "weight");
  CHECK(names(attention) == std::vector<std::string>{"in_proj_weight_v", "in_proj_weight_g",
                                                     "in_proj_bias", "out_proj.weight_v",
                                                     "out_proj.weight_g", "out_proj.bias"});
}
