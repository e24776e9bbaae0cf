#include "data/sets/toy.hpp"

#include <cmath>
#include <numbers>

#include "core/math.hpp"

namespace gradus::data {
namespace {

using std::numbers::pi;

struct PlanePoint {
  double x, y;
};

struct CommonOptions {
  int64_t samples, classes;
  double noise, test_fraction;
};

CommonOptions two_classes(const ToyOptions& options) {
  return {options.samples, 2, options.noise, options.test_fraction};
}

// Sample i has class i mod classes, and lies at place(class) plus noise.
template <class Place>
Split generate(const char* name, const CommonOptions& options, Rng& rng, Place place) {
  const auto [samples, classes, noise, test_fraction] = options;
  require(classes >= 2, name, "classes must be 2 or more, got {}", classes);
  require(samples >= classes, name, "samples must be at least the number of classes, {}, got {}",
          classes, samples);
  require(noise >= 0 && std::isfinite(noise), name, "noise must be finite and 0 or more, got {}",
          noise);
  std::vector<float> values;
  std::vector<int64_t> labels;
  for (int64_t i = 0; i < samples; ++i) {
    const int64_t label = i % classes;
    const PlanePoint point = place(label);
    values.push_back(static_cast<float>(point.x + noise * rng.normal()));
    values.push_back(static_cast<float>(point.y + noise * rng.normal()));
    labels.push_back(label);
  }
  return normalized_by_train(Dataset::of_features(std::move(values), 2, std::move(labels), classes)
                                 .split(test_fraction, rng));
}

PlanePoint on_circle(double radius, double turns) {
  return {radius * math::cos(2 * pi * turns), radius * math::sin(2 * pi * turns)};
}

}  // namespace

Split moons(const ToyOptions& options, Rng& rng) {
  return generate("moons", two_classes(options), rng, [&](int64_t label) {
    const auto [x, y] = on_circle(1, rng.uniform() / 2);
    return label == 0 ? PlanePoint{x, y} : PlanePoint{1 - x, 0.5 - y};
  });
}

Split circles(const ToyOptions& options, Rng& rng) {
  return generate("circles", two_classes(options), rng,
                  [&](int64_t label) { return on_circle(label == 0 ? 1 : 0.5, rng.uniform()); });
}

Split spirals(const SpiralsOptions& options, Rng& rng) {
  const auto& [samples, classes, noise, test_fraction] = options;
  const double arms = static_cast<double>(classes);
  return generate("spirals", {samples, classes, noise, test_fraction}, rng, [&](int64_t label) {
    const double radius = rng.uniform();
    return on_circle(radius, static_cast<double>(label) / arms + 0.75 * radius);
  });
}

Split blobs(const BlobsOptions& options, Rng& rng) {
  const auto& [samples, classes, deviation, test_fraction] = options;
  const double centres = static_cast<double>(classes);
  return generate("blobs", {samples, classes, deviation, test_fraction}, rng, [&](int64_t label) {
    return on_circle(1, static_cast<double>(label) / centres);
  });
}

Split exclusive_or(const ToyOptions& options, Rng& rng) {
  return generate("xor", two_classes(options), rng, [&](int64_t label) {
    const double x = 2 * rng.uniform() - 1, size = rng.uniform();
    return PlanePoint{x, (x < 0) == (label == 1) ? size : -size};
  });
}

}  // namespace gradus::data
