#include "optim/schedules/range_test.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace gradus::optim;

namespace {

// A range test with the given losses.
RangeTest test_of(const std::vector<double>& losses, RangeTestOptions options) {
  std::size_t next = 0;
  options.steps = static_cast<int64_t>(losses.size());
  return range_test([&](double) { return losses.at(next++); }, options);
}

}  // namespace

TEST_CASE("A range test suggests the rate at which the loss falls fastest") {
  const RangeTest test =
      test_of({8, 7.5, 3, 2, 1.5, 2.5, 6.5, 0}, {.lowest = 1e-4, .highest = 1e3, .smoothing = 0});
  REQUIRE(test.rates.size() == 6);  // 6.5 is above 4 · 1.5
  for (std::size_t i = 0; i < 6; ++i)
    CHECK(test.rates[i] == doctest::Approx(std::pow(10., static_cast<double>(i) - 4)));
  CHECK(test.losses == std::vector<double>{8, 7.5, 3, 2, 1.5, 2.5});
  CHECK(test.suggestion == doctest::Approx(1e-2));  // from 7.5 to 2
  CHECK(test.least == doctest::Approx(1));
}

TEST_CASE("The fastest fall may be the first of a range test, or its last") {
  const auto suggestion = [](const std::vector<double>& losses) {
    return test_of(losses, {.lowest = 1, .highest = 1e5, .smoothing = 0}).suggestion;
  };
  CHECK(suggestion({90, 60, 40, 30, 29, 28}) == doctest::Approx(10));
  CHECK(suggestion({90, 89, 80, 70, 45, 30}) == doctest::Approx(1e4));
  // Over two intervals, 89 to 45 is more than 95 to 70 and 70 to 40.
  CHECK(suggestion({99, 95, 89, 70, 45, 40}) == doctest::Approx(1e3));
}

TEST_CASE("A fall after the smallest loss is noise") {
  const RangeTest test =
      test_of({5, 4, 3, 10, 11, 4}, {.lowest = 1, .highest = 1e5, .smoothing = 0});
  CHECK(test.suggestion == doctest::Approx(10));
  CHECK(test.rates.size() == 6);
}

TEST_CASE("The losses of a range test are bias-corrected means, until one is not finite") {
  const RangeTest test =
      test_of({4, 2, 6, NAN, 1}, {.lowest = 1, .highest = 1e4, .smoothing = 0.5});
  REQUIRE(test.losses.size() == 3);
  CHECK(test.losses[0] == doctest::Approx(4));
  CHECK(test.losses[1] == doctest::Approx(8. / 3));   // (½·2 + ¼·4)/¾
  CHECK(test.losses[2] == doctest::Approx(32. / 7));  // (½·6 + ¼·2 + ⅛·4)/⅞
}

TEST_CASE("A range test finds where gradient descent on a parabola begins to fall") {
  double x = 1;  // of ½x², for which rates above 2 diverge
  const RangeTest test = range_test(
      [&](double lr) {
        const double loss = x * x / 2;
        x -= lr * x;
        return loss;
      },
      {.steps = 200, .smoothing = 0});
  CHECK(test.suggestion > 0.01);
  CHECK(test.suggestion < 0.5);
  CHECK(test.least < 2.4);  // the second rate above 2
}

TEST_CASE("A range test measures divergence from the least loss so far, from the second step on") {
  CHECK(test_of({1, 3, 3.5, 3.9, 4.5}, {.smoothing = 0}).losses.size() == 4);
  CHECK_THROWS_WITH(test_of({1, 9, 1, 1, 1}, {.smoothing = 0}),
                    "[range_test] the loss must not diverge within 3 steps: a lower lowest is "
                    "needed, got 1e-06");
}

TEST_CASE("A range test supports negative losses") {
  const RangeTest test =
      test_of({-1, -2, -5, -6, -6.5, -2, 20, 0}, {.lowest = 1, .highest = 1e7, .smoothing = 0});
  CHECK(test.losses == std::vector<double>{-1, -2, -5, -6, -6.5, -2});  // -6.5 + 3 · 6.5 is 13
  CHECK(test.suggestion == doctest::Approx(10));                        // from -1 to -5
  CHECK(test.least == doctest::Approx(1e4));
  // The fall of 9 is the scale once the loss is 0 or less.
  CHECK(test_of({9, 0, 8, 8, 28}, {.smoothing = 0}).losses.size() == 4);
}

TEST_CASE("A range test suggests nothing for a loss that never falls") {
  for (const std::vector<double>& losses :
       {std::vector<double>(6, 2.5), std::vector<double>(6, 0), std::vector<double>{1, 2, 3, 3.5}})
    CHECK(std::isnan(test_of(losses, {.smoothing = 0}).suggestion));
}

TEST_CASE("A range test refuses wrong options and losses") {
  const auto test = [](const RangeTestOptions& options, double loss = 1) {
    range_test([=](double) { return loss; }, options);
  };
  CHECK_THROWS_WITH(test({}), "[range_test] steps must be a whole number from 3 to 10^9, got 0");
  CHECK_THROWS_WITH(test({.steps = 9, .lowest = 0}),
                    "[range_test] lowest must be positive and finite, got 0");
  CHECK_THROWS_WITH(test({.steps = 9, .lowest = 1, .highest = 1}),
                    "[range_test] lowest must be below highest, got 1 and 1");
  CHECK_THROWS_WITH(test({.steps = 9, .smoothing = 1}),
                    "[range_test] smoothing must be in [0, 1), got 1");
  CHECK_THROWS_WITH(test({.steps = 9, .divergence = 1}),
                    "[range_test] divergence must be above 1, got 1");
  CHECK_THROWS_WITH(test({.steps = 9}, NAN),
                    "[range_test] the loss must be finite at the first step, got nan");
  CHECK_THROWS_WITH(test_of({1, 9, 9}, {.smoothing = 0}),
                    "[range_test] the loss must not diverge within 3 steps: a lower lowest is "
                    "needed, got 1e-06");
}
