#include "core/text/range.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

using namespace gradus;

TEST_CASE("A range holds the values that its text names, and never NaN") {
  struct Case {
    Range range;
    std::string text;
    std::vector<double> right, wrong;
  };
  const Case cases[] = {
      {range::fraction, "in [0, 1)", {0, 0.999}, {-0.1, 1}},
      {range::zero_to_one, "in [0, 1]", {0, 1}, {-0.1, 1.1}},
      {range::positive, "positive and finite", {1e-300, 1e300}, {0, -1, INFINITY}},
      {range::not_negative, "0 or more and finite", {0, 1e300}, {-1e-300, INFINITY}},
      {range::count, "a whole number from 1 to 10^9", {1, 1e9}, {0, 1.5, 1e9 + 1}},
      {range::at_least_two, "a whole number from 2 to 10^9", {2, 1e9}, {1, 2.5, 1e9 + 1}},
      {range::count_or_zero, "a whole number from 0 to 10^9", {0, 1e9}, {-1, 0.5, 1e9 + 1}},
      {range::seed, "a whole number from 0 to 2^63 − 1", {0, 1e15, 9e18}, {-1, 0.5, 1e19}},
      {range::thread_count, "a whole number from 1 to 1024", {1, 1024}, {0, 1.5, 1025}},
      {range::finite, "a finite number", {-1e300, 1e300}, {-INFINITY, INFINITY}},
      {{.low = 0, .high = 1, .excludes_low = true}, "in (0, 1]", {0.1, 1}, {0}},
      {{.low = 1, .high = range::infinity, .excludes_low = true}, "above 1", {2, INFINITY}, {1}},
      {{.low = 1, .high = range::largest}, "1 or more and finite", {1}, {0.9, INFINITY}},
      {{.low = -range::largest, .high = 0}, "0 or less and finite", {-1, 0}, {0.1, -INFINITY}},
      {range::any, "a number", {-INFINITY, INFINITY, 0}, {}},
  };
  for (const auto& [range, text, right, wrong] : cases) {
    CHECK(range.text() == text);
    for (const double value : right) CHECK(range.holds(value));
    for (const double value : wrong) CHECK_FALSE(range.holds(value));
    CHECK_FALSE(range.holds(NAN));
  }
  CHECK_THROWS_WITH_AS(range::fraction.check("sgd", "momentum", 2),
                       "[sgd] momentum must be in [0, 1), got 2", std::invalid_argument);
  CHECK_NOTHROW(range::fraction.check("sgd", "momentum", 0.9));
}
