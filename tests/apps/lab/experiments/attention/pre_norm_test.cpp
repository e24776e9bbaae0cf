#include <doctest/doctest.h>

#include "apps/lab/experiments.hpp"
#include "tests/apps/lab/findings.hpp"

using namespace gradus::lab;

TEST_CASE("pre-norm: twelve layers with post-norm don't train without warm-up" *
          doctest::test_suite("slow")) {
  const Report report = experiments().find("pre-norm").run({.small = true});
  CHECK(findings(report) == "holds, not clear, holds");
  const auto& rows = report.tables[0].rows;  // post-norm without and with warm-up, then pre-norm
  REQUIRE(rows.size() == 4);
  const auto loss = [&](int row) { return rows[row][4].number.mean; };
  CHECK(loss(0) > 2.5);
  CHECK(loss(1) < 2.3);
  for (const int row : {2, 3}) {
    CHECK(loss(row) < 1.3);
    CHECK(loss(row) > 0.5);  // no attention to what follows
  }
  // The gradients of post-norm are larger near the output.
  const Chart& before = report.charts.back().back();
  REQUIRE(before.series.size() == 2);
  REQUIRE(before.series[0].y.size() == 12);
  CHECK(before.series[0].y.back() > 1.2 * before.series[1].y.back());
}
