// Hint: a filter has a number for each input channel and each pixel of the kernel, and one bias. A
// kernel of size 3 without padding makes size − 2 of size.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

void expect_count(const std::string& name, int64_t got, int64_t right) {
  exercise::expect(got == right, fmt::format("{} is {}, it should be {}", name, got, right));
}

void check() {
  using namespace gd::layers;
  expect_count("convolution_weights(1, 1, 3)", convolution_weights(1, 1, 3), 10);
  expect_count("convolution_weights(2, 1, 3)", convolution_weights(2, 1, 3), 19);
  expect_count("dense_weights(2, 3)", dense_weights(2, 3), 9);
  gd::Rng rng(1);
  for (const int64_t channels : {1, 8})
    for (const int64_t filters : {4, 16})
      for (const int64_t kernel : {1, 5})
        expect_count(
            fmt::format("convolution_weights({}, {}, {})", channels, filters, kernel),
            convolution_weights(channels, filters, kernel),
            Conv2d({.in_channels = channels, .out_channels = filters, .kernel = kernel}, rng)
                .parameter_count());
  expect_count("dense_weights(400, 10)", dense_weights(400, 10),
               Dense(400, 10, rng).parameter_count());

  for (const auto& [size, filters] : {std::pair{28, 8}, {28, 4}, {32, 8}, {21, 3}}) {
    const int64_t side = ((size - 2) / 2 - 2) / 2;
    Sequential model{
        Conv2d({.in_channels = 1, .out_channels = filters, .kernel = 3}, rng),
        ReLU(),
        MaxPool2d(2),
        Conv2d({.in_channels = filters, .out_channels = 2 * filters, .kernel = 3}, rng),
        ReLU(),
        MaxPool2d(2),
        Flatten(),
        Dense(2 * filters * side * side, 10, rng)};
    expect_count(fmt::format("network_weights({}, {})", size, filters),
                 network_weights(size, filters), model.parameter_count());
    const gd::Tensor outputs = model[0](gd::Tensor::zeros({1, 1, size, size}));
    const int64_t dense = dense_weights_instead(size, filters);
    expect_count(fmt::format("dense_weights_instead({}, {})", size, filters), dense,
                 (size * size + 1) * outputs.numel());
    fmt::print(
        "{0}×{0} pixels, {1} filters: {2} weights; instead of the first {3}, a dense layer "
        "has {4}\n",
        size, filters, network_weights(size, filters), convolution_weights(1, filters, 3), dense);
  }
}
