#include "layers/activation.hpp"
#include "layers/convolution.hpp"
#include "layers/dense.hpp"
#include "layers/dropout.hpp"
#include "layers/embedding.hpp"
#include "layers/flatten.hpp"
#include "layers/norm/normalization.hpp"
#include "layers/pooling.hpp"
#include "layers/residual.hpp"
#include "layers/sequential.hpp"
#include "tests/layers/check.hpp"

using namespace gradus;
using namespace gradus::layers;

TEST_CASE("derivatives of dense layers and convolutions") {
  Rng rng(1);
  check_gradients(Dense(4, 3, rng), random_input({2, 4}));
  check_gradients(Dense(4, 3, rng, {.bias = false}), random_input({2, 3, 4}));
  check_gradients(Conv1d({.in_channels = 4,
                          .out_channels = 6,
                          .kernel = 3,
                          .stride = 2,
                          .padding = 1,
                          .dilation = 2,
                          .groups = 2},
                         rng),
                  random_input({2, 4, 7}));
  check_gradients(
      Conv2d(
          {.in_channels = 2, .out_channels = 3, .kernel = {2, 3}, .stride = {1, 2}, .padding = 1},
          rng),
      random_input({2, 2, 4, 5}));
  check_gradients(
      Conv2d({.in_channels = 2, .out_channels = 2, .kernel = 2, .groups = 2, .bias = false}, rng),
      random_input({1, 2, 3, 3}));
  check_gradients(ConvTranspose2d({.in_channels = 2,
                                   .out_channels = 4,
                                   .kernel = 3,
                                   .stride = 2,
                                   .padding = 1,
                                   .output_padding = 1,
                                   .groups = 2},
                                  rng),
                  random_input({1, 2, 2, 3}));
}

TEST_CASE("derivatives of every registered activation, and of softmax") {
  for (const auto& entry : activations().entries())
    check_gradients(entry.make(), random_input({3, 4}));
  check_gradients(PReLU(3), random_input({2, 3, 2}));
  check_gradients(LeakyReLU(0.2), random_input({3, 4}));
  check_gradients(ELU(0.5), random_input({3, 4}));
  check_gradients(Softmax(1), random_input({2, 3, 2}));
  check_gradients(LogSoftmax(), random_input({3, 4}));
}

TEST_CASE("derivatives of pooling, flatten, residual and dropout") {
  Rng rng(2);
  check_gradients(MaxPool2d(2), random_input({1, 2, 4, 4}));
  check_gradients(AvgPool2d({.kernel = 3, .stride = 2, .padding = 1}), random_input({1, 2, 4, 4}));
  check_gradients(AdaptiveMaxPool2d(2), random_input({1, 2, 5, 3}));
  check_gradients(AdaptiveAvgPool2d({2, 1}), random_input({1, 2, 5, 3}));
  check_gradients(Flatten(), random_input({2, 3, 2}));
  check_gradients(Residual(Sequential(Dense(3, 3, rng), Tanh())), random_input({2, 3}));
  check_gradients(Residual(Dense(3, 2, rng), Dense(3, 2, rng, {.bias = false})),
                  random_input({2, 3}));
  check_gradients(Sequential(Dense(3, 8, rng), Dropout(0.4, rng), Dense(8, 2, rng)),
                  random_input({2, 3}));
}

TEST_CASE("derivatives of normalization, in training and in evaluation") {
  check_gradients(LayerNorm({4}), random_input({3, 4}));
  check_gradients(LayerNorm({2, 3}, {.affine = false}), random_input({2, 2, 3}));
  for (const bool training : {true, false}) {
    CAPTURE(training);
    BatchNorm1d vectors(3), rows(2, {.affine = false});
    BatchNorm2d images(2), untracked(2, {.track_running_stats = false});
    for (Module* module : std::initializer_list<Module*>{&vectors, &rows, &images, &untracked})
      module->train(training);
    check_gradients(vectors, random_input({5, 3}));
    check_gradients(rows, random_input({3, 2, 3}));
    check_gradients(images, random_input({2, 2, 3, 2}));
    check_gradients(untracked, random_input({2, 2, 3, 2}));
  }
}

TEST_CASE("derivatives of an embedding by its weight") {
  Rng rng(3);
  check_gradients(ColumnEmbedding(3, {{1, 4, 2}, {2, 3, 1}}, rng),
                  Tensor::from(std::vector<double>{0.5, 3, 0, -1, 1, 2}, {2, 3}));
  check_gradients(Embedding(4, 3, rng), Tensor::from(std::vector<int64_t>{1, 3, 1, 0}, {2, 2}));
}
