// mnist_1d: ten classes of short signals, MNIST in one dimension.
#pragma once

#include "data/dataset.hpp"

namespace gradus::data {

/// Options of mnist_1d().
struct Mnist1dOptions {
  int64_t samples = 5000;      ///< of both parts together, of each class a tenth
  bool shuffled = false;       ///< the positions in another order, the same for all samples
  double test_fraction = 0.2;  ///< fraction of test samples
};

/// Sequences of 40 numbers, (1, 40, 1), whose classes are the digits, by the recipe of Greydanus
/// and Kobak 2024, "Scaling down deep learning with MNIST-1D". A template of 12 numbers gets 36 to
/// 60 zeros behind it, is stretched to 72 places, multiplied by 0.8 to 1.2 and moved round by up to
/// 47 places. Where the template isn't, there is smooth noise, everywhere a little noise and a
/// slope of at most ±0.375; then 40 evenly spaced places are read. Both parts are normalized by the
/// mean and deviation of the training part. The paper reports accuracies of 32 % for logistic
/// regression, 68 for an MLP, 94 for a convolutional network, 91 for a GRU; with shuffled positions
/// 56 for the convolutional network. Throws std::invalid_argument unless `samples` is a positive
/// multiple of 10, and for a test_fraction outside (0, 1).
Split mnist_1d(const Mnist1dOptions& options, Rng& rng);

}  // namespace gradus::data
