// find_mistakes.
#include "train/mistakes.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/ops/shape.hpp"
#include "layers/dense.hpp"
#include "layers/sequential.hpp"

using namespace gradus;

TEST_CASE("Mistakes have the probability of the predicted class, the most confident first") {
  Rng rng(1);
  layers::Dense same(2, 2, rng, {.bias = false});
  same.weight = layers::Parameter(Tensor::from<float>({1, 0, 0, 1}, {2, 2}));
  layers::Sequential model{same};
  const data::Dataset samples =
      data::Dataset::of_features({2, 0, 0, 1, 3, 0, 0, 4, 0, 5}, 2, {1, 0, 1, 1, 0}, 2);
  // More predictions follow, of no sample.
  const Tensor predictions = row_view(Tensor::from<int64_t>({0, 1, 0, 1, 1, 7, 7}), 0, 5);
  const std::vector<train::Mistake> mistakes = train::find_mistakes(model, samples, predictions);
  const std::vector<std::pair<int64_t, double>> wanted{{4, 5}, {2, 3}, {0, 2}, {1, 1}};
  REQUIRE(mistakes.size() == wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const int64_t sample = wanted[i].first;
    CHECK(mistakes[i].sample == sample);
    CHECK(mistakes[i].guess == predictions.data<int64_t>()[sample]);
    CHECK(mistakes[i].truth == 1 - mistakes[i].guess);
    CHECK(mistakes[i].probability ==
          doctest::Approx(1 / (1 + std::exp(-wanted[i].second))).epsilon(1e-6));
  }
  CHECK(train::find_mistakes(model, samples, samples.labels()).empty());
}
