// Exercise 6.3: how often do two hidden units learn exclusive or, and how often do sixteen?
#include <gradus.hpp>

namespace gd = gradus;
using gd::layers::Dense, gd::layers::ReLU, gd::layers::Sequential;

// Trains a network with one hidden layer of ReLUs on the four points, and returns whether it
// classifies all of them correctly. Use Adam with a rate of 0.03 for 300 steps.
bool learns_exclusive_or(int64_t hidden, uint64_t seed) {
  const gd::Tensor x = gd::Tensor::from({{0.f, 0.f}, {0.f, 1.f}, {1.f, 0.f}, {1.f, 1.f}});
  const gd::Tensor labels = gd::Tensor::from({0, 1, 1, 0});
  gd::Rng rng(seed);
  return false;
}
