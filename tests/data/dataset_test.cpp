#include "data/dataset.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "core/parallel.hpp"
#include "tests/data/numbered.hpp"

using namespace gradus;
using data::Dataset;
using data::Normalization;
using data::numbered;

namespace {

Dataset three_images() {
  return Dataset::of_bytes({0, 255, 51, 102, 153, 204}, {1, 1, 2}, {0, 1, 1}, 2);
}

std::vector<float> values_of(const Dataset& dataset) {
  return dataset.batch(0, dataset.size()).inputs.to_vector<float>();
}

}  // namespace

TEST_CASE("a batch holds the chosen images, scaled to 0 … 1, and their labels") {
  const Dataset dataset = three_images();
  CHECK(dataset.size() == 3);
  CHECK(dataset.classes() == 2);
  CHECK(dataset.labels().to_vector<int64_t>() == std::vector<int64_t>{0, 1, 1});
  const auto [images, labels] = dataset.batch(std::vector<int64_t>{2, 0});
  CHECK(images.shape() == Shape{2, 1, 1, 2});
  CHECK(labels.to_vector<int64_t>() == std::vector<int64_t>{1, 0});
  const std::vector<float> expected{0.6f, 0.8f, 0, 1};
  for (std::size_t i = 0; i < 4; ++i)
    CHECK(images.to_vector<float>()[i] == doctest::Approx(expected[i]));
}

TEST_CASE("images are normalized by one mean and deviation") {
  const Dataset dataset = three_images();
  const Normalization statistics = dataset.statistics();
  REQUIRE(statistics.mean.size() == 1);
  CHECK(statistics.mean[0] == doctest::Approx(0.5));
  CHECK(statistics.deviation[0] == doctest::Approx(0.34156502553198653));  // numpy.std
  const Tensor images = dataset.normalized(statistics).batch(0, 3).inputs;
  CHECK(images.to_vector<float>()[1] == doctest::Approx(1.4638501094227998));
}

TEST_CASE("features are normalized each by its own, and a constant one is centred, not divided") {
  const Dataset dataset = Dataset::of_features({1, 0.1f, 2, 0.1f, 6, 0.1f}, 2, {0, 0, 0}, 1);
  const Normalization statistics = dataset.statistics();
  CHECK(statistics.mean[0] == doctest::Approx(3));
  CHECK(statistics.deviation[0] == doctest::Approx(2.160246899469287));  // numpy.std
  CHECK(statistics.deviation[1] == 1);
  const std::vector<float> values = values_of(dataset.normalized(statistics));
  CHECK(values[0] == doctest::Approx(-0.9258200997725514));
  CHECK(values[1] == doctest::Approx(0));
  CHECK(values[4] == doctest::Approx(1.3887301496588271));
}

TEST_CASE("a feature far from zero keeps its digits when normalized") {
  const Dataset dataset = Dataset::of_features({1e6f, 5, 1e6f + 1, 6}, 2, {0, 0}, 1);
  const std::vector<float> values = values_of(dataset.normalized(dataset.statistics()));
  CHECK(values == std::vector<float>{-1, -1, 1, 1});
}

TEST_CASE("both parts of a split are normalized by the statistics of the training part") {
  const data::Split split =
      data::normalized_by_train({three_images(), Dataset::of_bytes({255, 255}, {1, 1, 2}, {0}, 2)});
  CHECK(split.train.normalization() == split.test.normalization());
  CHECK(split.test.normalization().mean[0] == doctest::Approx(0.5));
}

TEST_CASE("subsets of subsets refer to the same samples") {
  const Dataset part =
      numbered(10).subset(std::vector<int64_t>{9, 7, 5, 3}).subset(std::vector<int64_t>{3, 0});
  CHECK(values_of(part) == std::vector<float>{3, 9});
  CHECK(values_of(numbered(10).first(2)) == std::vector<float>{0, 1});
  CHECK(numbered(3).first(10).size() == 3);
}

TEST_CASE("a split holds out the given fraction, each sample in one part, by the seed") {
  Rng rng(7), same(7), other(8);
  const auto [train, test] = numbered(100).split(0.25, rng);
  CHECK(test.size() == 25);
  std::vector<float> all = values_of(train);
  const std::vector<float> held_out = values_of(test);
  CHECK_FALSE(std::is_sorted(held_out.begin(), held_out.end()));
  all.insert(all.end(), held_out.begin(), held_out.end());
  std::sort(all.begin(), all.end());
  CHECK(all == values_of(numbered(100)));
  CHECK(values_of(numbered(100).split(0.25, same).test) == held_out);
  CHECK(values_of(numbered(100).split(0.25, other).test) != held_out);
}

TEST_CASE("statistics and batches don't depend on the number of threads") {
  std::vector<uint8_t> bytes(100 * 784);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<uint8_t>(i * 31 >> 3);
  const Dataset dataset = Dataset::of_bytes(bytes, {1, 28, 28}, std::vector<int64_t>(100, 0), 1);
  const int before = num_threads();
  const auto both = [&](int threads) {
    set_num_threads(threads);
    const Dataset normalized = dataset.normalized(dataset.statistics());
    return std::pair(normalized.normalization(), values_of(normalized));
  };
  const auto one = both(1), two = both(2);
  set_num_threads(before);
  CHECK(one == two);
}

TEST_CASE("a data set refuses wrong values, labels and indices") {
  Rng rng(1);
  const Dataset dataset = three_images();
  const auto bytes = [](std::vector<uint8_t> values, std::vector<int64_t> labels) {
    return Dataset::of_bytes(std::move(values), {1, 1, 2}, std::move(labels), 2);
  };
  CHECK_THROWS_WITH(
      bytes({}, {}),
      "[dataset] at least one sample with one value is needed, got 0 samples of shape (1, 1, 2)");
  CHECK_THROWS_WITH(
      bytes({1, 2, 3}, {0}),
      "[dataset] one target per sample is needed, got 1 target and 3 values of samples "
      "of shape (1, 1, 2)");
  CHECK_THROWS_WITH(bytes({1, 2}, {2}),
                    "[dataset] labels of 2 classes must be 0 to 1: label 0 is 2");
  CHECK_THROWS_WITH(dataset.batch(2, 2), "[dataset] indices must be 0 to 2, got 3");
  CHECK_THROWS_WITH(dataset.subset(std::vector<int64_t>{-1}),
                    "[dataset] indices must be 0 to 2, got -1");
  CHECK_THROWS_WITH(dataset.subset({}), "[dataset] a subset needs at least one index");
  CHECK_THROWS_WITH(dataset.first(0),
                    "[dataset] the number of first samples must be 1 or more, got 0");
  CHECK_THROWS_WITH(dataset.split(1, rng),
                    "[split] the fraction of held-out samples must be above 0 and below 1, got 1");
  CHECK_THROWS_WITH(dataset.split(0.1, rng),
                    "[split] both parts must have at least one sample: fraction 0.1 of 3 samples");
  CHECK_THROWS_WITH(
      dataset.normalized({{1, 2, 3}, {1, 2, 3}}),
      "[normalized] samples of shape (1, 1, 2) need 1 or 2 means and deviations, got 3 and 3");
  CHECK_THROWS_WITH(dataset.normalized({{0}, {0}}),
                    "[normalized] deviations must be positive, got 0");
}
