// Texts of networks of sequences: patches, positions, attention, transformer, embedding, tied.
#include "core/ops/special.hpp"
#include "tests/layers/check.hpp"
#include "tests/layers/network/check_text.hpp"
#include "tests/same_bits.hpp"

using namespace gradus;
using namespace gradus::layers;

namespace {

const ModelOptions of_images{.input = {1, 6, 6}, .classes = 3};
const ModelOptions of_texts{.input = {6}, .classes = 10, .tokens = 10};

// A prefix that makes sequences (4, 8) of images, and an end that makes scores of them.
std::string of_patches(const std::string& layers) {
  return "patches 3, dense 8, " + layers + ", globalpool, dense 3";
}

void check_layer(const std::string& text, const std::string& layers) {
  check_description(of_patches(text),
                    "ImagePatches(3), Dense(9, 8), " + layers + ", MeanOfSteps(), Dense(8, 3)",
                    of_images);
}

// `place` is the position of the error.
void check_layer_error(const std::string& text, const std::string& error) {
  check_error(of_patches(text), "[network] '" + text + "' at character 21, input (4, 8): " + error,
              of_images);
}

Tensor random_tokens(const Shape& shape) {
  Rng rng(2);
  return cast(floor(rand(shape, rng) * 10), DType::i64);
}

}  // namespace

TEST_CASE("A vision transformer by its text") {
  Sequential model =
      network(of_patches("positions learned, repeat 2 (transformer heads 2 activation gelu), norm"),
              of_images);
  CHECK(model.description() ==
        "Sequential(ImagePatches(3), Dense(9, 8), LearnedPositions(4, 8), "
        "TransformerEncoderLayer(8, heads=2, hidden=32, activation=gelu, norm_first=true), "
        "TransformerEncoderLayer(8, heads=2, hidden=32, activation=gelu, norm_first=true), "
        "LayerNorm((8)), MeanOfSteps(), Dense(8, 3))");
  Rng rng(3);
  CHECK(model(Tensor::zeros({0, 1, 6, 6})).shape() == Shape{0, 3});
  CHECK(model(randn({1, 1, 6, 6}, rng)).shape() == Shape{1, 3});
  train_step(model, randn({4, 1, 6, 6}, rng));
}

TEST_CASE("Each word of a layer of sequences") {
  check_layer("positions", "LearnedPositions(4, 8)");
  check_layer("positions sinusoidal", "SinusoidalPositions()");
  check_layer("attention", "MultiheadAttention(8, heads=1)");
  check_layer("attention heads 4 causal no-bias positions rotary",
              "MultiheadAttention(8, heads=4, bias=false, causal=true, rotary=true)");
  check_layer("attention dropout .2", "MultiheadAttention(8, heads=1, dropout=0.2)");
  check_layer("transformer", "TransformerEncoderLayer(8, heads=1, hidden=32, norm_first=true)");
  check_layer(
      "transformer heads 2 hidden 5 activation tanh norm rms post-norm dropout .1 causal no-bias "
      "positions rotary",
      "TransformerEncoderLayer(8, heads=2, hidden=5, dropout=0.1, activation=tanh, norm=rms, "
      "bias=false, causal=true, rotary=true)");
  check_layer("norm", "LayerNorm((8))");
  check_layer("norm layer-norm no-bias", "LayerNorm((8), bias=false)");
  check_layer("norm rms", "RMSNorm((8))");
  check_layer("norm none, residual(norm, attention heads 2), gelu",
              "Residual(Sequential(LayerNorm((8)), MultiheadAttention(8, heads=2))), GELU()");
  check_description("patches 2, gru 5, dense 3",
                    "ImagePatches(2), GRU(4, 5, last_only=true), Dense(5, 3)", of_images);
  check_description("patches 2, flatten, dense 3", "ImagePatches(2), Flatten(), Dense(36, 3)",
                    of_images);
}

TEST_CASE("Options replace what is within a transformer layer") {
  ModelOptions options = of_images;
  options.activation = "silu";
  options.norm = "rms";
  options.dropout = 0.2;
  const std::string layers =
      "ImagePatches(3), Dense(9, 8), TransformerEncoderLayer(8, heads=1, hidden=32, dropout=0.2, "
      "activation={}, norm_first=true, norm=rms), RMSNorm((8)), MeanOfSteps(), Dense(8, 3)";
  check_description(of_patches("transformer norm layer dropout .5, norm layer no-bias"),
                    fmt::format(fmt::runtime(layers), "silu"), options);
  options.activation = "relu";
  check_description(of_patches("transformer activation gelu, norm"),
                    fmt::format(fmt::runtime(layers), "gelu"), options);
}

TEST_CASE("A sequence needs globalpool before the scores of its classes") {
  check_error("patches 2, dense 10",
              "[network] must end in a score for each of 3 classes, ends in (9, 10): its last "
              "layers should be 'globalpool, dense 3'",
              of_images);
}

TEST_CASE("Options without a place in a network of sequences") {
  const auto refused = [](const std::string& text, const char* error, auto change) {
    ModelOptions options = of_images;
    change(options);
    check_error(of_patches(text), error, options);
  };
  refused("attention", "[network] the network has no place for norm layer",
          [](ModelOptions& o) { o.norm = "layer"; });
  refused("transformer activation gelu", "[network] the network has no place for activation tanh",
          [](ModelOptions& o) { o.activation = "tanh"; });
  refused(
      "transformer",
      "[network] 'transformer' at character 21, input (4, 8): sequences have the normalizations "
      "layer, rms and none, got 'batch'",
      [](ModelOptions& o) { o.norm = "batch"; });
  ModelOptions noisy = of_texts;
  noisy.input_dropout = 0.1;
  check_error("gpt", "[gpt] tokens have no place for input_dropout 0.1", noisy);
}

TEST_CASE("Errors of a layer of sequences have the place and the layer's input") {
  check_layer_error(
      "positions rotary",
      "positions are learned or sinusoidal (attention has rotary ones), got 'rotary'");
  check_layer_error("attention positions learned",
                    "its positions can only be rotary, got 'learned'");
  check_layer_error("attention heads 3",
                    "[multihead_attention] heads must divide the width, got 3 heads and width 8");
  check_layer_error("transformer heads 3",
                    "[multihead_attention] heads must divide the width, got 3 heads and width 8");
  check_layer_error("transformer heads 8 positions rotary",
                    "[multihead_attention] rotary positions need heads of an even width, got 1");
  check_layer_error("transformer dropout 1",
                    "[multihead_attention] dropout must be 0 or more and below 1, got 1");
  check_layer_error("norm batch",
                    "sequences have the normalizations layer, rms and none, got "
                    "'batch'");
  check_layer_error("transformer norm group:2",
                    "sequences have the normalizations layer, rms and none, got 'group'");
  check_layer_error("norm rms no-bias", "no-bias is a word of layer, not of rms");
  check_layer_error("conv 2 3x3", "needs images (C, H, W)");
  check_layer_error("embedding 8", "needs tokens, as of a text");
  check_layer_error("tied 8 (relu)", "needs tokens, as of a text");
  check_layer_error("residual(globalpool)",
                    "[residual] body and shortcut must have the same shape: body (8), shortcut "
                    "(4, 8), input (4, 8)");
  for (const char* item : {"positions learned", "attention", "transformer"})
    check_error(std::string(item) + ", dense 3",
                "[network] '" + std::string(item) +
                    "' at character 1, input (1, 6, 6): needs a sequence, such as that of patches",
                of_images);
  check_error("patches 4, dense 3",
              "[network] 'patches 4' at character 1, input (1, 6, 6): [patches] needs images (N, "
              "C, H, W) whose sides 4 divides, got (0, 1, 6, 6)",
              of_images);
  check_error("patches, dense 3",
              "[network] 'patches' at character 1, input (1, 6, 6): needs a size", of_images);
  for (const std::string item : {"patches 2 odd", "positions learned odd", "attention heads 2 odd",
                                 "transformer heads 2 odd", "embedding 3 odd", "tied 3 odd (relu)"})
    check_error(item,
                "[network] '" + item + "' at character 1, input (1, 6, 6): unknown word 'odd'",
                of_images);
}

TEST_CASE("A language model returns scores after each step, which later tokens don't change") {
  for (const std::string text :
       {"gpt", "embedding 8, residual(norm, attention heads 2), dense classes",
        "tied 8 (positions sinusoidal, transformer heads 2, norm)",
        "lstm 8, residual(gru 8), dense outputs", "transformer, dense 10"}) {
    CAPTURE(text);
    Sequential model = network(text, of_texts);
    const Tensor x = random_tokens({2, 6});
    const NoGrad no_grad;
    const Tensor y = model(x);
    CHECK(y.shape() == Shape{2, 6, 10});
    CHECK(model(Tensor::zeros({0, 6}, DType::i64)).shape() == Shape{0, 6, 10});
    // t becomes 9 − t, another token.
    const Tensor other = model(cat({slice(x, 1, 0, 3), 9 - slice(x, 1, 3, 6)}, 1));
    CHECK(testing::same_bits({slice(y, 1, 0, 3)}, {slice(other, 1, 0, 3)}));
    CHECK(mean_square(slice(y, 1, 3, 6) - slice(other, 1, 3, 6)) > 0);
  }
}

TEST_CASE("A language model begins with an embedding, of width 128 unless its text has one") {
  check_description("dense 10", "Embedding(10, 128), Dense(128, 10)", of_texts);
  check_description("embedding 4, dense 10", "Embedding(10, 4), Dense(4, 10)", of_texts);
  check_description("tied 4 (relu)", "TiedEmbedding(10, 4, Sequential(ReLU()))", of_texts);
}

TEST_CASE("Errors of texts of language models") {
  check_error(
      "embedding 4, dense 9",
      "[network] must end in a score for each of 10 tokens after each step, ends in (6, 9): "
      "its last layer should be 'dense 10'",
      of_texts);
  check_error("globalpool, dense 10",
              "[network] must end in a score for each of 10 tokens after each step, ends in (10): "
              "its last layer should be 'dense 10'",
              of_texts);
  check_error("gru 4 bidirectional, dense 10",
              "[network] 'gru 4 bidirectional' at character 1, input (6, 128): can't be "
              "bidirectional: the next token would be known",
              of_texts);
  check_error("tied 4, dense 10",
              "[network] 'tied 4' at character 1, input (6): needs its layers in parentheses",
              of_texts);
  check_error("tied 4 (dense 5)",
              "[network] 'tied 4 (dense 5)' at character 1, input (6): [tied_embedding] the body "
              "must return (N, T, 4), got (0, 6, 5)",
              of_texts);
  for (const char* second : {"embedding 4", "tied 4 (relu)"})
    check_error("embedding 4, globalpool, " + std::string(second),
                "[network] '" + std::string(second) +
                    "' at character 26, input (4): needs tokens, as of a text",
                of_texts);
  check_error("tied 4 (embedding 4)",
              "[network] 'embedding 4' at character 9, input (6, 4): needs tokens, as of a text",
              of_texts);
  check_error("embedding 999999999, dense 10",
              "[network] 'embedding 999999999' at character 1, input (6): a network must not have "
              "more than 2^30 parameters, this one would have 1e+10",
              of_texts);
  check_error("embedding 50000, transformer",
              "[network] 'transformer' at character 18, input (6, 50000): a network must not have "
              "more than 2^30 parameters, this one would have 3e+10",
              of_texts);
  check_error("gpt",
              "[gpt] a language model needs windows (T) of 1 or more tokens, got (1, 6, 6) "
              "of 10",
              {.input = {1, 6, 6}, .classes = 10, .tokens = 10});
}
