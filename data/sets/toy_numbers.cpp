#include "data/sets/toy_numbers.hpp"

#include <cmath>
#include <numbers>

#include "core/math.hpp"

namespace gradus::data {
namespace {

using std::numbers::pi;

// `draw` fills in the features of a sample and returns its target without noise.
template <class Options, class Draw>
Split with_numbers(const char* name, const Options& options, std::size_t features, Rng& rng,
                   Draw draw) {
  require(options.samples >= 2, name, "samples must be 2 or more, got {}", options.samples);
  require(options.noise >= 0 && std::isfinite(options.noise), name,
          "noise must be finite and 0 or more, got {}", options.noise);
  std::vector<float> values, numbers;
  std::vector<double> sample(features);
  for (int64_t i = 0; i < options.samples; ++i) {
    const double y = draw(sample);
    for (const double x : sample) values.push_back(static_cast<float>(x));
    numbers.push_back(static_cast<float>(y + options.noise * rng.normal()));
  }
  const Targets targets{TargetKind::numbers, Tensor::from(numbers, {options.samples, 1}), 1, {"y"}};
  return normalized_by_train(
      Dataset::of_features(std::move(values), static_cast<int64_t>(features), targets)
          .split(options.test_fraction, rng));
}

}  // namespace

Split sine(const SineOptions& options, Rng& rng) {
  double end = 0, width = 1;
  for (const auto& [first, last] : options.gaps) {
    require(first >= end && last > first && last <= 1, "sine",
            "gaps must be increasing and within [0, 1), got {} to {}", first, last);
    end = last;
    width -= last - first;
  }
  require(width > 1e-6, "sine", "the gaps must leave some room for samples");
  return with_numbers("sine", options, 1, rng, [&](std::vector<double>& sample) {
    double x = width * rng.uniform();
    for (const auto& [first, last] : options.gaps)
      if (x >= first) x += last - first;
    sample[0] = x;
    return math::sin(2 * pi * x);
  });
}

Split friedman1(const FriedmanOptions& options, Rng& rng) {
  return with_numbers("friedman1", options, 10, rng, [&](std::vector<double>& x) {
    for (double& feature : x) feature = rng.uniform();
    const double from_half = x[2] - 0.5;
    return 10 * math::sin(pi * x[0] * x[1]) + 20 * from_half * from_half + 10 * x[3] + 5 * x[4];
  });
}

}  // namespace gradus::data
