#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "apps/lab/experiments.hpp"
#include "tests/apps/lab/findings.hpp"

using namespace gradus::lab;

TEST_CASE("divergences: for separate bars only the Wasserstein distance has a slope") {
  const Report report = experiments().find("divergences").run({.small = true});
  CHECK(findings(report) == "holds, holds, holds, fails, holds, holds");
  // Bars, then normal distributions: Kullback-Leibler, Jensen-Shannon, Wasserstein; the columns
  // are distance and slope at 0.5 and at 3, and the shift after gradient descent from 3.
  const auto& rows = report.tables[0].rows;
  REQUIRE(rows.size() == 6);
  const auto number = [&](int row, int column) { return rows[row][column].number.mean; };
  for (const int column : {2, 4}) CHECK(std::isinf(number(0, column)));
  CHECK(number(1, 2) == doctest::Approx(std::numbers::ln2 / 2).epsilon(1e-9));
  CHECK(number(1, 4) == doctest::Approx(std::numbers::ln2).epsilon(1e-9));
  CHECK(number(1, 5) == 0);
  CHECK(number(3, 4) == doctest::Approx(72).epsilon(1e-6));  // shift²/2σ²
  for (const int row : {2, 5}) {
    CHECK(number(row, 2) == doctest::Approx(0.5).epsilon(1e-9));
    CHECK(number(row, 4) == doctest::Approx(3).epsilon(1e-9));
  }
  for (const int stays : {0, 1, 4}) CHECK(number(stays, 6) > 2.99);
  for (const int comes_back : {2, 3, 5}) CHECK(number(comes_back, 6) < 0.06);
}
