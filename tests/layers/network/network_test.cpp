#include <doctest/doctest.h>

#include <map>

#include "layers/network/network_layers.hpp"
#include "layers/network/network_text.hpp"
#include "layers/summary.hpp"
#include "tests/layers/check.hpp"
#include "tests/layers/network/check_text.hpp"

using namespace gradus;
using namespace gradus::layers;

TEST_CASE("A network's text determines its layers and their shapes") {
  check_description(
      "conv 32 3x3 pad 1, norm, relu, maxpool 2, residual(conv 32 3x3 pad 1, norm, relu), "
      "globalpool, dropout .3, dense 10",
      "Conv2d(1, 32, kernel=3, padding=1, bias=false), BatchNorm2d(32), ReLU(), MaxPool2d(2), "
      "Residual(Sequential(Conv2d(32, 32, kernel=3, padding=1, bias=false), BatchNorm2d(32), "
      "ReLU())), AdaptiveAvgPool2d(1), Flatten(), Dropout(0.3), Dense(32, 10)");
  check_description(
      "conv 4 5×3 stride 2 dilation 2 pad same no-bias, conv 8 1x1 groups 2, dense 10",
      "Conv2d(1, 4, kernel=(5, 3), stride=2, padding=(4, 2), dilation=2, bias=false), "
      "Conv2d(4, 8, kernel=1, groups=2), Flatten(), Dense(1568, 10)");
  check_description(
      "conv 4 3 pad 2x1, avgpool 3 stride 2 pad 1, globalmaxpool, dense classes no-bias",
      "Conv2d(1, 4, kernel=3, padding=(2, 1)), AvgPool2d(3, stride=2, padding=1), "
      "AdaptiveMaxPool2d(1), Flatten(), Dense(4, 3, bias=false)",
      {.classes = 3});
  check_description(
      "conv 4 1x1 bias, norm, conv 4 1x1, norm rms, conv 4 1x1, norm none, flatten, "
      "dense 10",
      "Conv2d(1, 4, kernel=1), BatchNorm2d(4), Conv2d(4, 4, kernel=1), "
      "RMSNorm((4, 28, 28)), Conv2d(4, 4, kernel=1), Flatten(), Dense(3136, 10)");
  check_description("repeat 2 (dense 8, tanh), dropout 0, dense 10",
                    "Dense(5, 8), Tanh(), Dense(8, 8), Tanh(), Dense(8, 10)", {.input = {5}});
  check_description("lstm 7 layers 2 bidirectional layer-norm, dense 10",
                    "Rows(), LSTM(28, 7, layers=2, bidirectional=true, layer_norm=true, "
                    "last_only=true), Dense(14, 10)");
  check_description(
      "residual(conv 4 3x3 stride 2 pad 1 | conv 4 1x1 stride 2), dropout2d .1, dense 10",
      "Residual(Sequential(Conv2d(1, 4, kernel=3, stride=2, padding=1)), "
      "Sequential(Conv2d(1, 4, kernel=1, stride=2))), Dropout2d(0.1), Flatten(), "
      "Dense(784, 10)");
}

TEST_CASE("A text may have lines, comments and any spaces") {
  check_description("\n  dense   8 ,# the first\n\trelu,dense 10 # the last",
                    "Dense(5, 8), ReLU(), Dense(8, 10)", {.input = {5}});
}

TEST_CASE("Options replace the placeholders of a text") {
  const std::string text = "conv 4 3x3, norm, activation, dropout .5, dense 8, tanh, dense 10";
  check_description(text,
                    "Dropout(0.1), Conv2d(1, 4, kernel=3), RMSNorm((4, 26, 26)), GELU(), "
                    "Dropout2d(0.2), Flatten(), Dense(2704, 8) with DropConnect(0.3), Tanh(), "
                    "Dense(8, 10)",
                    {.activation = "gelu",
                     .norm = "rms",
                     .dropout = 0,
                     .input_dropout = 0.1,
                     .channel_dropout = 0.2,
                     .drop_connect = 0.3});
  check_error("dense 10", "[network] the network has no place for norm layer", {.norm = "layer"});
  check_error("dense 10", "[network] the network has no place for dropout 0.5", {.dropout = 0.5});
}

TEST_CASE("Weights in the depth of a network are normalized too") {
  const std::string description =
      network("residual(conv 1 3x3 pad 1), dense 10", {.norm = "weight"}).description();
  CHECK(description ==
        "Sequential(Residual(Sequential(Conv2d(1, 1, kernel=3, padding=1) with WeightNorm())), "
        "Flatten(), Dense(784, 10) with WeightNorm())");
}

TEST_CASE("A network learns, saves and loads like any other module") {
  const std::string text =
      "conv 4 3x3 pad 1, norm, relu, residual(conv 4 3x3 pad 1), globalpool, "
      "dense 10";
  Sequential model = network(text), other = network(text);
  Rng rng(3);
  train_step(model, randn({4, 1, 28, 28}, rng));
  other.load_state_dict(model.state_dict());
  CHECK(names_of(model.state_dict()) ==
        std::vector<std::string>{"0.weight", "1.weight", "1.bias", "1.running_mean",
                                 "1.running_var", "1.num_batches_tracked", "3.body.0.weight",
                                 "3.body.0.bias", "6.weight", "6.bias"});
  CHECK(model.named_parameters()[3].first == "3.body.0.weight");
}

TEST_CASE("Errors of a text have the place and the layer's input") {
  check_error("", "[network] a layer is missing at character 1");
  check_error("relu,, dense 10", "[network] a layer is missing at character 6");
  check_error("dense 10)", "[network] unexpected ')' at character 9");
  check_error("dense 10 | relu", "[network] unexpected '|' at character 10");
  check_error("residual(dense 10", "[network] the parenthesis at character 9 is not closed");
  check_error("repeat 1000000000 (repeat 1000000000 (dropout 0)), dense 10",
              "[network] 'dropout 0' at character 39, input (1, 28, 28): a network must not have "
              "more than 10000 layers");
  check_error("lstm 3 layers 1000000, dense 10",
              "[network] 'lstm 3 layers 1000000' at character 1, input (1, 28, 28): a network must "
              "not have more than 10000 layers");
  std::string deep = "relu";
  for (int i = 0; i < 20000; ++i) deep = "residual(" + deep + ")";
  check_error(deep,
              "[network] parentheses must not be nested more than 100 deep, at character 909");
  check_error("conv 8 3x3 pad 9223372036854775807, dense 10",
              "[network] 'conv 8 3x3 pad 9223372036854775807' at character 1, input (1, 28, 28): "
              "needs pad, a size such as 3x3, each a whole number from 0 to 10^9, got "
              "'9223372036854775807'");
  check_error("conv 8 1000000001x1, dense 10",
              "[network] 'conv 8 1000000001x1' at character 1, input (1, 28, 28): needs a window "
              "such as 3x3, each a whole number from 1 to 10^9, got '1000000001x1'");
  check_error(
      "conv 8 3x3 pad same dilation 9223372036854775807, dense 10",
      "[network] 'conv 8 3x3 pad same dilation 9223372036854775807' at character 1, input "
      "(1, 28, 28): dilation must be a whole number from 1 to 10^9, got '9223372036854775807'");
  check_error("residual(relu) dense 10", "[network] a comma is missing at character 16");
  check_error("conv 8 9x9 pd 1, dense 10",
              "[network] 'conv 8 9x9 pd 1' at character 1, input (1, 28, 28): unknown word 'pd'");
  check_error("conv 8, dense 10",
              "[network] 'conv 8' at character 1, input (1, 28, 28): needs a window such as 3x3");
  check_error("conv 8 \x1b[2J, dense 10",
              "[network] 'conv 8 \\x1b[2J' at character 1, input (1, 28, 28): needs a window such "
              "as 3x3, each a whole number from 1 to 10^9, got '\\x1b[2J'");
  check_error("conv x 3x3, dense 10",
              "[network] 'conv x 3x3' at character 1, input (1, 28, 28): needs a number of "
              "channels, a whole number from 1 to 10^9, got 'x'");
  check_error("conv 8 3x0, dense 10",
              "[network] 'conv 8 3x0' at character 1, input (1, 28, 28): needs a window such as "
              "3x3, each a whole number from 1 to 10^9, got '3x0'");
  check_error("conv 8 3x3 stride 0, dense 10",
              "[network] 'conv 8 3x3 stride 0' at character 1, input (1, 28, 28): stride must be a "
              "whole number from 1 to 10^9, got '0'");
  check_error("conv 8 3x3 stride, dense 10",
              "[network] 'conv 8 3x3 stride' at character 1, input (1, 28, 28): stride needs a "
              "value");
  check_error("conv 8 2x2 pad same, dense 10",
              "[network] 'conv 8 2x2 pad same' at character 1, input (1, 28, 28): pad same needs a "
              "kernel of odd size, got 2");
  check_error("conv 8 3x3, repeat 4 (maxpool 3), dense 10",
              "[network] 'maxpool 3' at character 23, input (8, 2, 2): [max_pool2d] the kernel "
              "must not be larger than the padded image: kernel 3, image 2 (padding 0)");
  check_error("dense 8, conv 8 3x3, dense 10",
              "[network] 'conv 8 3x3' at character 10, input (8): needs images (C, H, W)");
  check_error("dropout 1, dense 10",
              "[network] 'dropout 1' at character 1, input (1, 28, 28): [dropout] rate must be 0 "
              "or more and below 1, got 1");
  check_error("conv 4 3x3, norm group:3, dense 10",
              "[network] 'norm group:3' at character 13, input (4, 26, 26): [group_norm] groups "
              "must divide the channels: 3 groups, 4 channels");
  check_error(
      "dense(relu), dense 10",
      "[network] 'dense(relu)' at character 1, input (1, 28, 28): must have at most 0 networks in "
      "parentheses, got 1");
  check_error("residual, dense 10",
              "[network] 'residual' at character 1, input (1, 28, 28): needs its layers in "
              "parentheses, and optionally those of a shortcut after |");
  check_error("residual(conv 8 3x3), dense 10",
              "[network] 'residual(conv 8 3x3)' at character 1, input (1, 28, 28): [residual] body "
              "and shortcut must have the same shape: body (8, 26, 26), shortcut (1, 28, 28), "
              "input (1, 28, 28)");
  check_error("lstm 8, dense 9",
              "[network] must end in a score for each of 10 classes, ends in (9): its last layer "
              "should be 'dense 10'");
  CHECK_THROWS_WITH(network("cnv 8 3x3, dense 10"),
                    doctest::Contains("[network] 'cnv 8 3x3' at character 1, input (1, 28, 28): "
                                      "unknown layer 'cnv': did you mean conv?"));
}

TEST_CASE("Every layer that a text can name is in a network") {
  const std::map<std::string, std::string> texts{{"conv", "conv 2 3x3"},
                                                 {"dense", "dense 4"},
                                                 {"maxpool", "maxpool 2"},
                                                 {"avgpool", "avgpool 2"},
                                                 {"repeat", "repeat 2 (relu)"},
                                                 {"residual", "residual (relu)"},
                                                 {"rnn", "rnn 4"},
                                                 {"lstm", "lstm 4"},
                                                 {"gru", "gru 4"},
                                                 {"patches", "patches 3"},
                                                 {"positions", "patches 3, positions"},
                                                 {"attention", "patches 3, attention"},
                                                 {"transformer", "patches 3, transformer"}};
  for (const auto& entry : network_layers().entries()) {
    if (entry.name == "embedding" || entry.name == "tied") continue;  // of language models
    const auto found = texts.find(entry.name);
    const std::string text = found == texts.end() ? entry.name : found->second;
    CAPTURE(text);
    Sequential model = network(text + ", flatten, dense 3", {.input = {1, 6, 6}, .classes = 3});
    Rng rng(2);
    CHECK(model(randn({2, 1, 6, 6}, rng)).shape() == Shape{2, 3});
  }
}

TEST_CASE("sizes are checked before weights are drawn") {
  const auto check = [](const char* text, const std::string& error) {
    CAPTURE(text);
    check_error(text, error);
  };
  check(
      "conv 100000 100x100, dense 10",
      "[network] 'conv 100000 100x100' at character 1, input (1, 28, 28): [conv2d] the kernel must "
      "not be larger than the padded image: kernel 100×100 (dilation 1), image 28×28 (padding 0)");
  check("conv 1000000 1000x1000 pad 999, dense 10",
        "[network] 'conv 1000000 1000x1000 pad 999' at character 1, input (1, 28, 28): a network "
        "must not have more than 2^30 parameters, this one would have 1e+12");
  check("dense 999999999, dense 10",
        "[network] 'dense 999999999' at character 1, input (1, 28, 28): a network must not have "
        "more than 2^30 parameters, this one would have 7.84e+11");
  check("lstm 100000 layers 9, dense 10",
        "[network] 'lstm 100000 layers 9' at character 1, input (1, 28, 28): a network must not "
        "have more than 2^30 parameters, this one would have 1.08e+12");
  check("conv 1 1x1 pad 100000, dense 10",
        "[network] 'conv 1 1x1 pad 100000' at character 1, input (1, 28, 28): the result for one "
        "example must not have more than 2^28 values, is (1, 200028, 200028)");
}

TEST_CASE("Every layer of a text refuses a word that it doesn't know") {
  for (const std::string text :
       {"conv 2 3x3 odd", "dense 3 odd", "norm batch odd", "maxpool 2x2 odd", "avgpool 2x2 odd",
        "globalpool odd", "globalmaxpool odd", "flatten odd", "dropout 0.5 odd",
        "dropout2d 0.5 odd", "residual odd (relu)", "repeat 2 odd (relu)", "rnn 3 odd",
        "lstm 3 odd", "gru 3 odd"})
    for (const std::string after : {"", " , relu"})
      check_error(text + after,
                  "[network] '" + text + "' at character 1, input (1, 28, 28): unknown word 'odd'");
}

TEST_CASE("A normalization at the end of a part follows its convolution too") {
  check_description(
      "residual (conv 1 3x3 pad same, norm), dense 10",
      "Residual(Sequential(Conv2d(1, 1, kernel=3, padding=1, bias=false), BatchNorm2d(1))), "
      "Flatten(), Dense(784, 10)");
}

TEST_CASE("A result may have 2^28 values, and a convolution's groups count once") {
  CHECK(network("relu, globalpool, dense 10", {.input = {1, 16384, 16384}}).size() == 4);
  check_error("relu, globalpool, dense 10",
              "[network] 'relu' at character 1, input (1, 16384, 16385): the result for one "
              "example must not have more than 2^28 values, is (1, 16384, 16385)",
              {.input = {1, 16384, 16385}});
  const std::string grouped =
      "conv 1024 1x1, conv 1024 3x3 pad 1 groups 1024, globalpool, dense 10";
  CHECK(network(grouped, {.input = {1, 4, 4}}).parameter_count() ==
        2 * 1024 + (9 + 1) * 1024 + 10 * 1024 + 10);
  // The groups are wrong before the kernel is too large.
  check_error("conv 3 9x9 groups 2",
              "[network] 'conv 3 9x9 groups 2' at character 1, input (2, 4, 4): [conv2d] groups "
              "must divide in_channels and out_channels, got 2 for 2 and 3",
              {.input = {2, 4, 4}});
  check_error("conv 4 9x9 groups 2",
              "[network] 'conv 4 9x9 groups 2' at character 1, input (3, 4, 4): [conv2d] groups "
              "must divide in_channels and out_channels, got 2 for 3 and 4",
              {.input = {3, 4, 4}});
}
