#include <doctest/doctest.h>

#include "apps/lab/experiments.hpp"
#include "tests/apps/lab/findings.hpp"

using namespace gradus::lab;

TEST_CASE("clipping: a clipped norm saves trainings from large gradients" *
          doctest::test_suite("slow")) {
  const Report report = experiments().find("clipping").run({.small = true});
  CHECK(findings(report) == "holds, holds, holds");
  // Nothing clipped, the norm, the values, each at rates 0.03 and 0.3: survivors and accuracy in
  // percent, the largest norm, the least cosine.
  const auto& rows = report.tables[0].rows;
  REQUIRE(rows.size() == 6);
  const auto number = [&](int row, int column) { return rows[row][column].number.mean; };
  CHECK(number(1, 2) < 70);
  CHECK(number(3, 2) == 100);
  CHECK(number(1, 4) > 1e6);
  CHECK(number(3, 4) < 1e4);
  CHECK(number(3, 3) > number(0, 3) + 5);  // the large rate, clipped, beats the small one
  for (const int row : {0, 1, 2, 3}) CHECK(number(row, 5) == doctest::Approx(1).epsilon(1e-5));
  for (const int row : {4, 5}) CHECK(number(row, 5) < 0.8);  // another direction
}
