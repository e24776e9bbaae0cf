// Exercise 9.2: the running mean and the running variance.
#include <gradus.hpp>

namespace gd = gradus;

struct Running {
  gd::Tensor mean;      // (units)
  gd::Tensor variance;  // (units)
};

// The running statistics after one more batch x (N, units). The batch's variance is multiplied by
// N/(N − 1).
Running updated(const Running& before, const gd::Tensor& x) {
  const double n = static_cast<double>(x.size(0));
  const gd::Tensor mean = gd::mean(x, {0});
  const gd::Tensor variance = gd::mean(gd::square(x - mean), {0}) * (n / (n - 1));
  return {0.9 * before.mean + 0.1 * mean, 0.9 * before.variance + 0.1 * variance};
}

// Every batch has the mean 5, and the running mean starts at 0. Returns the number of batches after
// which the running mean is above `threshold`. It is 5·(1 − 0.9ⁿ) after n batches.
int64_t batches_until_above(double threshold) {
  int64_t batches = 0;
  for (double mean = 0; mean <= threshold; ++batches) mean = 0.9 * mean + 0.1 * 5;
  return batches;
}
