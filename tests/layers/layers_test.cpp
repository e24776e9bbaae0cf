#include <numbers>

#include "layers/activation.hpp"
#include "layers/convolution.hpp"
#include "layers/dense.hpp"
#include "layers/dropout.hpp"
#include "layers/embedding.hpp"
#include "layers/flatten.hpp"
#include "layers/norm/normalization.hpp"
#include "layers/pooling.hpp"
#include "layers/sequential.hpp"
#include "tests/layers/check.hpp"

using namespace gradus;
using namespace gradus::layers;

namespace {

// A fixed pattern for each tensor, which the reference used too.
void fill_with_waves(Module& module) {
  const NoGrad no_grad;
  NamedTensors state = module.state_dict();
  for (std::size_t k = 0; k < state.size(); ++k) {
    auto& [name, tensor] = state[k];
    if (tensor.dtype() == DType::i64) continue;
    double* values = tensor.mutable_data<double>();
    for (int64_t i = 0; i < tensor.numel(); ++i) {
      values[i] = 0.5 * std::sin(0.7 * static_cast<double>(i) + static_cast<double>(k));
      if (name.ends_with("running_var")) values[i] = std::abs(values[i]) + 0.5;
    }
  }
}

Tensor wave_input(const Shape& shape) {
  return cos(Tensor::arange(shape.numel(), DType::f64) * 0.3);
}

std::vector<std::pair<std::string, std::string>> names_and_shapes(Module& module) {
  std::vector<std::pair<std::string, std::string>> list;
  for (const auto& [name, tensor] : module.state_dict())
    list.emplace_back(name, to_string(tensor.shape()));
  return list;
}

}  // namespace

TEST_CASE("a convolutional model computes PyTorch's values under PyTorch's names") {
  Rng rng(1);
  Sequential model{Conv2d({.in_channels = 2,
                           .out_channels = 4,
                           .kernel = 3,
                           .stride = 2,
                           .padding = 1,
                           .bias = false},
                          rng),
                   BatchNorm2d(4),
                   PReLU(4),
                   Sequential{ConvTranspose2d({.in_channels = 4,
                                               .out_channels = 2,
                                               .kernel = {3, 2},
                                               .stride = 2,
                                               .padding = {1, 0},
                                               .output_padding = {1, 0},
                                               .groups = 2},
                                              rng),
                              GELU()},
                   AvgPool2d({.kernel = 3, .stride = 2, .padding = 1, .count_include_pad = false}),
                   LeakyReLU(0.2),
                   Flatten(),
                   LayerNorm({18}),
                   Dense(18, 3, rng)};
  CHECK(names_and_shapes(model) ==
        std::vector<std::pair<std::string, std::string>>{{"0.weight", "(4, 2, 3, 3)"},
                                                         {"1.weight", "(4)"},
                                                         {"1.bias", "(4)"},
                                                         {"1.running_mean", "(4)"},
                                                         {"1.running_var", "(4)"},
                                                         {"1.num_batches_tracked", "()"},
                                                         {"2.weight", "(4)"},
                                                         {"3.0.weight", "(4, 1, 3, 2)"},
                                                         {"3.0.bias", "(2)"},
                                                         {"7.weight", "(18)"},
                                                         {"7.bias", "(18)"},
                                                         {"8.weight", "(3, 18)"},
                                                         {"8.bias", "(3)"}});
  model.to(DType::f64);
  fill_with_waves(model);
  const Tensor x = reshape(wave_input({2, 2, 6, 6}), {2, 2, 6, 6});
  const Tensor y = model(x);
  check_near(y, {0.9278089414997661, 1.1923378997982432, 1.4242633037082406, 1.0443296637912995,
                 1.3209678757287104, 1.5648570747708472});
  sum(square(y)).backward();
  std::vector<double> gradients;
  for (const auto& [name, tensor] : model.parameters())
    gradients.push_back(sum(abs(tensor.grad())).item());
  check_near(Tensor::from(gradients, {10}),
             {13.269137884282783, 2.6936582519584875, 2.409920132543579, 2.394139211792233,
              10.17873007727718, 3.6793274509756433, 80.5932073398108, 86.08915710216645,
              109.00716922736356, 14.949129518594214});
  const NamedTensors state = model.state_dict();
  check_near(state[3].second,
             {0.06948762377926399, -0.232478145266649, -0.4223150434227385, -0.41075962408604116});
  check_near(state[4].second,
             {1.012036383274992, 1.1155576067091881, 1.007472843483422, 0.7358849512789575});
  CHECK(state[5].second.item() == 1);
  model.evaluate();
  check_near(model(x), {0.94380150936097, 1.2079069350565124, 1.439391200447035, 0.9968985026183101,
                        1.2739759366924366, 1.5183574977186227});
}

TEST_CASE("a convolution over rows computes PyTorch's values") {
  Rng rng(1);
  Sequential model{Conv1d({.in_channels = 4,
                           .out_channels = 6,
                           .kernel = 3,
                           .stride = 2,
                           .padding = 1,
                           .dilation = 2,
                           .groups = 2},
                          rng),
                   BatchNorm1d(6)};
  model.to(DType::f64);
  fill_with_waves(model);
  model.evaluate();
  const Tensor y = model(reshape(wave_input({1, 4, 7}), {1, 4, 7}));
  CHECK(y.shape() == Shape{1, 6, 3});
  check_near(reshape(y, {3, 6}).alias({6}),
             {0.7427686807045663, 0.3955405773805895, 0.1828504430040103, -0.362247808372824,
              -0.3917639822507645, -0.17093917485957458});
}

TEST_CASE("default weights and biases are uniform within the inverse root of the fan-in") {
  Rng rng(8);
  const auto check_bound = [](const Tensor& x, double fan_in) {
    const double bound = 1 / std::sqrt(fan_in);
    double largest = 0;
    for (const float value : x.to_vector<float>())
      largest = std::max(largest, std::abs(double{value}));
    CHECK(largest <= bound);
    CHECK(largest > 0.9 * bound);
  };
  const Dense dense(50, 40, rng);
  check_bound(dense.weight, 50);
  check_bound(dense.bias, 50);
  const Conv2d conv({.in_channels = 8, .out_channels = 32, .kernel = {3, 2}, .groups = 2}, rng);
  check_bound(conv.weight, 4 * 6);
  check_bound(conv.bias, 4 * 6);
  const ConvTranspose2d transposed({.in_channels = 8, .out_channels = 32, .kernel = 3}, rng);
  check_bound(transposed.weight, 32 * 9);
  Rng again(8);
  check_equal(Dense(50, 40, again).weight, dense.weight);
}

TEST_CASE("batch norm updates its statistics in training only, and not when told so") {
  BatchNorm1d layer(3);
  Rng rng(1);
  const Tensor x = randn({5, 3}, rng);
  const auto mean = [&] { return layer.running_mean.to_vector<float>(); };
  layer.update_statistics(false);
  layer(x);
  CHECK(mean() == std::vector<float>{0, 0, 0});
  CHECK(layer.num_batches_tracked.item() == 0);
  layer.update_statistics(true);
  layer.freeze();
  layer(x);
  CHECK(mean() != std::vector<float>{0, 0, 0});
  CHECK(layer.num_batches_tracked.item() == 1);
  const std::vector<float> after = mean();
  layer.evaluate();
  layer(x);
  CHECK(mean() == after);
  CHECK(layer.num_batches_tracked.item() == 1);
}

TEST_CASE("layers describe themselves") {
  Rng rng(1);
  CHECK(Conv2d({.in_channels = 1, .out_channels = 32, .kernel = 3}, rng).description() ==
        "Conv2d(1, 32, kernel=3)");
  CHECK(Conv2d({.in_channels = 2,
                .out_channels = 4,
                .kernel = {3, 5},
                .stride = 2,
                .padding = {1, 2},
                .dilation = 3,
                .groups = 2,
                .bias = false},
               rng)
            .description() ==
        "Conv2d(2, 4, kernel=(3, 5), stride=2, padding=(1, 2), dilation=3, groups=2, bias=false)");
  CHECK(MaxPool2d(2).description() == "MaxPool2d(2)");
  CHECK(MaxPool2d({.kernel = 3, .stride = 2, .padding = 1}).description() ==
        "MaxPool2d(3, stride=2, padding=1)");
  CHECK(BatchNorm2d(4, {.eps = 0.001, .momentum = 0.2, .affine = false}).description() ==
        "BatchNorm2d(4, eps=0.001, momentum=0.2, affine=false)");
  CHECK(LayerNorm({3, 2}).description() == "LayerNorm((3, 2))");
  CHECK(LayerNorm({3}, {.bias = false}).description() == "LayerNorm((3), bias=false)");
  CHECK(LayerNorm({3}, {.bias = false}).equation() ==
        "LayerNorm: over the last dimension of each sample; y = (x − μ)/√(σ² + 1e-05)·γ, γ of each "
        "element");
  CHECK(Hardtanh(-2, 2).description() == "Hardtanh(-2, 2)");
  CHECK(Embedding(10, 4, rng).description() == "Embedding(10, 4)");
  CHECK(ColumnEmbedding(5, {{1, 20, 9}, {3, 30, 11}}, rng).description() ==
        "ColumnEmbedding(3 numbers, 20 → 9, 30 → 11)");
}

TEST_CASE("options outside their ranges are refused") {
  Rng rng(1);
  const auto conv = [&](const Conv2dOptions& options) { Conv2d(options, rng); };
  check_refused([&] { Dense(0, 3, rng); }, "[dense] in must be 1 or more, got 0");
  check_refused([&] { Dense(3, -1, rng); }, "[dense] out must be 1 or more, got -1");
  check_refused([&] { conv({.out_channels = 2, .kernel = 3}); },
                "[conv2d] in_channels must be 1 or more, got 0");
  check_refused([&] { conv({.in_channels = 2, .out_channels = 2}); },
                "[conv2d] kernel must be 1 or more, got 0");
  check_refused(
      [&] {
        conv({.in_channels = 2, .out_channels = 2, .kernel = 3, .stride = {1, 0}});
      },
      "[conv2d] stride must be 1 or more, got (1, 0)");
  check_refused([&] { conv({.in_channels = 2, .out_channels = 2, .kernel = 3, .padding = -1}); },
                "[conv2d] padding must be 0 or more, got -1");
  check_refused([&] { conv({.in_channels = 4, .out_channels = 3, .kernel = 3, .groups = 2}); },
                "[conv2d] groups must divide in_channels and out_channels, got 2 for 4 and 3");
  check_refused(
      [&] { Conv1d({.in_channels = 2, .out_channels = 2, .kernel = 1, .groups = 0}, rng); },
      "[conv1d] groups must be 1 or more, got 0");
  check_refused(
      [&] {
        ConvTranspose2d({.in_channels = 2, .out_channels = 2, .kernel = 2, .output_padding = 1},
                        rng);
      },
      "[conv_transpose2d] output_padding must be smaller than stride or dilation, got 1");
  check_refused([] { MaxPool2d(0); }, "[max_pool2d] kernel must be 1 or more, got 0");
  check_refused([] { AvgPool2d({.kernel = 3, .padding = 2}); },
                "[avg_pool2d] padding must be at most half of the kernel 3, got 2");
  check_refused(
      [] {
        AdaptiveAvgPool2d({2, 0});
      },
      "[adaptive_avg_pool2d] output must be 1 or more, got (2, 0)");
  check_refused([&] { Dropout(1, rng); }, "[dropout] rate must be 0 or more and below 1, got 1");
  check_refused([&] { Dropout(-0.5, rng); },
                "[dropout] rate must be 0 or more and below 1, got -0.5");
  check_refused([] { BatchNorm1d(0); }, "[batch_norm] channels must be 1 or more, got 0");
  check_refused([] { BatchNorm2d(2, {.eps = 0}); }, "[batch_norm] eps must be positive, got 0");
  check_refused([] { BatchNorm2d(2, {.momentum = 1.5}); },
                "[batch_norm] momentum must be 0 to 1, got 1.5");
  check_refused(
      [] { LayerNorm({}); },
      "[layer_norm] normalized_shape must have at least one extent, all positive, got ()");
  check_refused([] { LayerNorm({3}, {.eps = -1}); }, "[layer_norm] eps must be positive, got -1");
  check_refused([&] { Embedding(0, 3, rng); }, "[embedding] count must be 1 or more, got 0");
  check_refused(
      [&] {
        ColumnEmbedding(2, {{2, 3, 1}}, rng);
      },
      "[column_embedding] columns must be 0 to 1, got 2");
  check_refused(
      [&] {
        ColumnEmbedding(2, {{1, 3, 1}, {1, 3, 1}}, rng);
      },
      "[column_embedding] column 1 is given twice");
  check_refused(
      [&] {
        ColumnEmbedding(2, {{1, 3, 1}}, rng)(Tensor::full({1, 2}, 0.5));
      },
      "[column_embedding] column 1 must have whole numbers from 0 on, got 0.5");
  check_refused(
      [&] {
        ColumnEmbedding(2, {{1, 3, 1}}, rng)(Tensor::full({1, 2}, 3));
      },
      "[embedding] index at position 0 must be 0 to 2, got 3");
  check_refused([] { PReLU(0); }, "[prelu] channels must be 1 or more, got 0");
  check_refused([] { Hardtanh(1, 1); }, "[hardtanh] low must be below high, got 1 and 1");
}

TEST_CASE("a transposed convolution multiplies each input by the weights of its group") {
  Rng rng(1);
  const ConvTranspose2d layer({.in_channels = 4, .out_channels = 6, .kernel = 3, .groups = 2}, rng);
  CHECK(layer.flops({1, 4, 5, 5}, {1, 6, 7, 7}) == 2 * (4 * 5 * 5) * (3 * 3 * 3));
}
