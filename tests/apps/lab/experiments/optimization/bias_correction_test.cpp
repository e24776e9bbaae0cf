#include <doctest/doctest.h>

#include <cmath>

#include "apps/lab/experiments.hpp"
#include "tests/apps/lab/findings.hpp"

using namespace gradus::lab;
using doctest::Approx;

TEST_CASE("bias-correction: without it β₂ = 0.9999 needs a tenth of the rate") {
  const Report report = experiments().find("bias-correction").run({.small = true});
  CHECK(findings(report) == "holds, holds, not clear");
  const auto& rows = report.tables[0].rows;  // β₂ = 0.99 and 0.9999
  REQUIRE(rows.size() == 2);
  CHECK(rows[0][1].number.mean == Approx(1));  // (1 − β₁)/√(1 − β₂)
  CHECK(rows[1][1].number.mean == Approx(10));
  for (const auto& row : rows) {
    CHECK(row[2].number.mean == 3e-3);  // with it the best rate stays
    CHECK(row[3].number.mean < 0.2);
    CHECK(row[6].number.mean < 0.2);
  }
  CHECK(rows[1][4].number.mean > 1);
  CHECK(rows[1][5].number.mean == 3e-4);
  const auto& sizes = report.charts[0][0].series;  // both uncorrected, then corrected
  REQUIRE(sizes.size() == 3);
  for (const double size : sizes[2].y) REQUIRE(size == Approx(1));
  CHECK(sizes[1].y[999] == Approx(1 / std::sqrt(1 - std::pow(0.9999, 1000))));
}
