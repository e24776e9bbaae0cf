#include "data/sets/toy.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace gradus;
using namespace gradus::data;

namespace {

struct Points {
  std::vector<float> values;  // as they were before they were normalized
  std::vector<int64_t> labels;
};

Points points_of(const Dataset& dataset) {
  const auto [images, labels] = dataset.normalized({}).batch(0, dataset.size());
  return {images.to_vector<float>(), labels.to_vector<int64_t>()};
}

// Calls check(x, y, label) for every point of both parts.
template <class Check>
void for_each_point(const Split& split, Check check) {
  for (const Dataset& part : {split.train, split.test}) {
    const Points points = points_of(part);
    for (std::size_t i = 0; i < points.labels.size(); ++i)
      check(points.values[2 * i], points.values[2 * i + 1], points.labels[i]);
  }
}

}  // namespace

TEST_CASE("moons without noise lie on two half circles") {
  Rng rng(1);
  for_each_point(moons({.samples = 100, .noise = 0}, rng), [](float x, float y, int64_t label) {
    CHECK((label == 0 ? std::hypot(x, y) : std::hypot(x - 1, y - 0.5)) == doctest::Approx(1));
    CHECK((label == 0 ? y >= 0 : y <= 0.5));
  });
}

TEST_CASE("circles without noise have radius 1 and a half") {
  Rng rng(1);
  for_each_point(circles({.samples = 100, .noise = 0}, rng), [](float x, float y, int64_t label) {
    CHECK(std::hypot(x, y) == doctest::Approx(label == 0 ? 1 : 0.5));
  });
}

TEST_CASE("spirals without noise wind by three quarters of a turn") {
  Rng rng(1);
  for_each_point(spirals({.samples = 100, .classes = 4, .noise = 0}, rng),
                 [](float x, float y, int64_t label) {
                   const double radius = std::hypot(x, y);
                   const double angle = 1.5 * M_PI * radius + M_PI / 2 * static_cast<double>(label);
                   CHECK(x == doctest::Approx(radius * std::cos(angle)).epsilon(1e-5));
                   CHECK(y == doctest::Approx(radius * std::sin(angle)).epsilon(1e-5));
                 });
}

TEST_CASE("blobs spread around their centres by the deviation") {
  Rng rng(1);
  double squares = 0;
  for_each_point(blobs({.samples = 4000, .classes = 2, .deviation = 0.5}, rng),
                 [&](float x, float y, int64_t label) {
                   const double from_centre = x - (label == 0 ? 1 : -1);
                   squares += from_centre * from_centre + y * y;
                 });
  CHECK(std::sqrt(squares / 8000) == doctest::Approx(0.5).epsilon(0.03));
}

TEST_CASE("xor without noise has class 1 where the signs differ, in all four quadrants") {
  Rng rng(1);
  int quadrants[4] = {};
  for_each_point(exclusive_or({.samples = 100, .noise = 0}, rng),
                 [&](float x, float y, int64_t label) {
                   CHECK(label == ((x < 0) != (y < 0)));
                   ++quadrants[2 * (x < 0) + (y < 0)];
                 });
  for (int count : quadrants) CHECK(count > 10);
}

TEST_CASE("a toy set is split, balanced, normalized, and the same for the same seed") {
  Rng rng(3), same(3), other(4);
  const auto [train, test] = moons({.samples = 200, .test_fraction = 0.3}, rng);
  CHECK(train.size() == 140);
  CHECK(test.size() == 60);
  CHECK(train.sample_shape() == Shape{2});
  CHECK(train.statistics() == train.normalization());
  int64_t ones = 0;
  for (const Dataset& part : {train, test})
    for (int64_t label : part.labels().to_vector<int64_t>()) ones += label;
  CHECK(ones == 100);
  CHECK(points_of(moons({.samples = 200, .test_fraction = 0.3}, same).train).values ==
        points_of(train).values);
  CHECK(points_of(moons({.samples = 200, .test_fraction = 0.3}, other).train).values !=
        points_of(train).values);
}

TEST_CASE("toy sets refuse options out of range") {
  Rng rng(1);
  CHECK_THROWS_WITH(moons({.noise = -1}, rng),
                    "[moons] noise must be finite and 0 or more, got -1");
  CHECK_THROWS_WITH(blobs({.classes = 1}, rng), "[blobs] classes must be 2 or more, got 1");
  CHECK_THROWS_WITH(spirals({.samples = 2}, rng),
                    "[spirals] samples must be at least the number of classes, 3, got 2");
}
