#include "data/sets/toy_numbers.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace gradus;
using namespace gradus::data;

namespace {

// Calls check(features, y) for every sample of both parts, as they were before normalization.
template <class Check>
void for_each_numbered_sample(const Split& split, Check check) {
  for (const Dataset& part : {split.train, split.test}) {
    const std::vector<float> x = part.raw_batch(0, part.size()).inputs.to_vector<float>();
    const std::vector<float> y = part.targets().to_vector<float>();
    const std::size_t width = x.size() / y.size();
    for (std::size_t i = 0; i < y.size(); ++i) check(x.data() + i * width, y[i]);
  }
}

}  // namespace

TEST_CASE("sine without noise lies on a sine, in equal density except in the gaps") {
  Rng rng(1);
  int64_t below = 0, between = 0, above = 0;
  for_each_numbered_sample(sine({.samples = 700, .noise = 0}, rng), [&](const float* x, float y) {
    CHECK(y == doctest::Approx(std::sin(2 * M_PI * *x)).epsilon(1e-5));
    CHECK((*x >= 0 && *x <= 1));
    CHECK_FALSE((*x > 0.2501 && *x < 0.3999));
    CHECK_FALSE((*x > 0.7001 && *x < 0.8499));
    ++(*x < 0.3 ? below : *x < 0.8 ? between : above);
  });
  // 250, 300 and 150 of 700 are expected, with deviations of 13, 13 and 11.
  CHECK(std::abs(below - 250) < 40);
  CHECK(std::abs(between - 300) < 40);
  CHECK(std::abs(above - 150) < 40);
}

TEST_CASE("sine with a gap from 0 and one to 1") {
  Rng rng(2);
  for_each_numbered_sample(sine({.samples = 100, .gaps = {{0, 0.5}, {0.5, 0.75}, {0.8, 1}}}, rng),
                           [&](const float* x, float) { CHECK((*x > 0.7499 && *x < 0.8001)); });
}

TEST_CASE("friedman1 without noise is its formula, of features between 0 and 1") {
  Rng rng(1);
  double sums[10] = {};
  for_each_numbered_sample(
      friedman1({.samples = 400, .noise = 0}, rng), [&](const float* x, float y) {
        CHECK(y == doctest::Approx(10 * std::sin(M_PI * x[0] * x[1]) +
                                   20 * std::pow(x[2] - 0.5, 2) + 10 * x[3] + 5 * x[4])
                       .epsilon(1e-5));
        for (int i = 0; i < 10; ++i) {
          CHECK((x[i] >= 0 && x[i] <= 1));
          sums[i] += x[i];
        }
      });
  for (const double sum : sums) CHECK(sum == doctest::Approx(200).epsilon(0.12));
}

TEST_CASE("toy sets of numbers have noise, a scale, and the same samples for the same seed") {
  const auto samples = [](uint64_t seed) {
    Rng rng(seed);
    return friedman1({.samples = 2000}, rng);
  };
  const auto [train, test] = samples(1);
  CHECK(train.size() == 1600);
  CHECK(test.size() == 400);
  CHECK(train.sample_shape() == Shape{10});
  CHECK(train.target_kind() == TargetKind::numbers);
  CHECK(train.target_names() == std::vector<std::string>{"y"});
  CHECK(train.normalization() == train.statistics());
  CHECK(train.target_scale().mean == train.target_statistics().mean);
  double squares = 0;
  for_each_numbered_sample({train, test}, [&](const float* x, float y) {
    const double noise = y - (10 * std::sin(M_PI * x[0] * x[1]) + 20 * std::pow(x[2] - 0.5, 2) +
                              10 * x[3] + 5 * x[4]);
    squares += noise * noise;
  });
  CHECK(squares / 2000 == doctest::Approx(1).epsilon(0.1));
  CHECK(samples(1).train.checksum() == train.checksum());
  CHECK(samples(2).train.checksum() != train.checksum());
}

TEST_CASE("toy sets of numbers refuse options out of range") {
  Rng rng(1);
  CHECK_THROWS_WITH_AS(friedman1({.samples = 1}, rng),
                       "[friedman1] samples must be 2 or more, got 1", std::invalid_argument);
  CHECK_THROWS_WITH(friedman1({.noise = -1}, rng),
                    "[friedman1] noise must be finite and 0 or more, got -1");
  CHECK_THROWS_WITH(sine({.gaps = {{0.5, 0.7}, {0.6, 0.8}}}, rng),
                    "[sine] gaps must be increasing and within [0, 1), got 0.6 to 0.8");
  CHECK_THROWS_WITH(sine({.gaps = {{0.5, 1.5}}}, rng),
                    "[sine] gaps must be increasing and within [0, 1), got 0.5 to 1.5");
  CHECK_THROWS_WITH(sine({.gaps = {{0, 1}}}, rng),
                    "[sine] the gaps must leave some room for samples");
}
