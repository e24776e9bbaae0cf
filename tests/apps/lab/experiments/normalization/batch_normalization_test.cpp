#include <doctest/doctest.h>

#include "apps/lab/experiments.hpp"
#include "tests/apps/lab/findings.hpp"

using namespace gradus::lab;

TEST_CASE("batch-norm: trains sigmoids from small weights, while the network stalls without it" *
          doctest::test_suite("slow")) {
  const Report report = experiments().find("batch-norm").run({.small = true});
  CHECK(findings(report) == "holds, not clear");
  const auto& rows = report.tables[0].rows;  // none and batch, from weights of 0.01 and of 0.1
  REQUIRE(rows.size() == 4);
  CHECK(rows[0][4].number.mean < 40);  // per cent
  for (const int i : {1, 2, 3}) CHECK(rows[i][4].number.mean > 90);
  REQUIRE(report.charts[0].size() == 3);
  // The unit's input: without batch norm it leaves the middle of the sigmoid, with it it doesn't.
  for (const auto& line : report.charts[0][1].series) CHECK(line.y.back() < -1);
  const auto& band = report.charts[0][2].series;  // 85 %, median, 15 %
  CHECK(band[0].y.back() > 0.5);
  CHECK(band[2].y.back() < -0.5);
}
