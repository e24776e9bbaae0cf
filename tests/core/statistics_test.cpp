#include "core/statistics.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace gradus;

TEST_CASE("the median is the middle value, or the mean of both in the middle") {
  CHECK(median({3, 1, 2}) == 2);
  CHECK(median({4, 1, 3, 2}) == 2.5);
  CHECK(median({7}) == 7);
  CHECK_THROWS_WITH(median({}), "[median] at least one value is needed");
}

TEST_CASE("student_t is the two-sided 95 % quantile of the tables") {
  CHECK(student_t(1) == doctest::Approx(12.7062).epsilon(1e-5));
  CHECK(student_t(2) == doctest::Approx(4.30265).epsilon(1e-5));
  CHECK(student_t(4.5) == doctest::Approx(2.65891).epsilon(1e-5));
  CHECK(student_t(10) == doctest::Approx(2.22814).epsilon(1e-5));
  CHECK(student_t(1e6) == doctest::Approx(1.962339).epsilon(1e-5));
  CHECK_THROWS_WITH(student_t(0.5), "[student_t] degrees must be 1 or more, got 0.5");
}

TEST_CASE("The interval of a difference is Welch's") {
  const Interval interval = difference({10, 3, 9}, {13, 4, 16});
  CHECK(interval.low == doctest::Approx(-3 - 2.08041 * std::sqrt(2)).epsilon(1e-4));
  CHECK(interval.high == doctest::Approx(-3 + 2.08041 * std::sqrt(2)).epsilon(1e-4));
  // Of pairs: n − 1 degrees of freedom.
  CHECK(difference({5, 2, 4}, {0, 0, 4}).high == doctest::Approx(5 + 3.18245).epsilon(1e-5));
  CHECK(difference({5, 0, 3}, {3, 0, 3}).low == 2);  // equal runs leave no doubt
  CHECK(std::isinf(difference({5, NAN, 1}, {3, 1, 3}).high));
}
