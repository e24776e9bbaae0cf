// A shape that doesn't fit: the error names the layer, the operation, the rule and the shapes.
#include <gradus.hpp>

namespace gd = gradus;
using namespace gd::layers;

// Calls `attempt` and prints the text of its error.
template <class Attempt>
void show(const Attempt& attempt) {
  try {
    attempt();
  } catch (const std::exception& error) {
    fmt::print("{}\n", error.what());
  }
}

int main() {
  gd::Rng rng(1);
  const gd::Tensor images = gd::rand({8, 1, 28, 28}, rng);
  Sequential features{Conv2d({.in_channels = 1, .out_channels = 4, .kernel = 3}, rng), ReLU(),
                      MaxPool2d(2), Flatten()};
  Sequential wrong{features, Dense(4 * 14 * 14, 10, rng)};
  show([&] { wrong(images); });

  // A convolution without padding loses the border: 28 → 26, and pooling halves that.
  fmt::print("the features have the shape {}\n", features(images).shape());
  Sequential model{features, Dense(4 * 13 * 13, 10, rng)};
  fmt::print("now the scores have the shape {}\n", model(images).shape());

  const gd::Tensor a = gd::Tensor::ones({2, 3}), b = gd::Tensor::ones({2});
  show([&] { a + b; });
  show([&] { a.matmul(a); });
  show([&] { a(0, 3); });
  show([&] { gd::cross_entropy(a, gd::Tensor::from({0, 3})); });
}
