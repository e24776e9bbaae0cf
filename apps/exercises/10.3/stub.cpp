// Exercise 10.3: training on moved images.
#include <gradus.hpp>

namespace gd = gradus;
using gd::layers::Dense, gd::layers::Flatten, gd::layers::ReLU, gd::layers::Sequential;

// Trains a dense network with 64 hidden units on the digits and returns it. Use Adam with a rate of
// 0.003, 15 epochs, and batches of 32. If `move` is true, each training image is moved at random:
// the option .augmentation = gd::data::augment("shift:3") of fit does it.
Sequential trained(const gd::data::Dataset& digits, bool move, gd::Rng& rng) {
  Sequential model{Flatten(), Dense(28 * 28, 64, rng), ReLU(), Dense(64, 10, rng)};
  return model;
}
