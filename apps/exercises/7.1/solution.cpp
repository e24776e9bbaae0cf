// Exercise 7.1: how much layers with ReLU shrink or enlarge a signal.
#include <gradus.hpp>

namespace gd = gradus;

// The factor by which `layers` layers with ReLU change the size of a signal: a layer multiplies the
// mean square by n·σ²/2, the size by its root. For Xavier's σ² = 1/n it is ½ and 1/√2: ten layers
// divide the size by 32.
double factor_by_formula(double sigma, int64_t units, int layers) {
  return std::pow(static_cast<double>(units) * sigma * sigma / 2, layers / 2.0);
}

static double size_of(const gd::Tensor& x) {
  return gd::sqrt(gd::mean(gd::square(x))).item();
}

// The same factor, measured with 500 random samples.
double factor_measured(double sigma, int64_t units, int layers, gd::Rng& rng) {
  gd::Tensor x = gd::randn({500, units}, rng);
  const double before = size_of(x);
  for (int layer = 0; layer < layers; ++layer)
    x = gd::relu(gd::linear(x, sigma * gd::randn({units, units}, rng)));
  return size_of(x) / before;
}
