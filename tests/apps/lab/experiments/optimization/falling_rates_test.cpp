#include <doctest/doctest.h>

#include "apps/lab/experiments.hpp"
#include "tests/apps/lab/findings.hpp"

using namespace gradus::lab;

TEST_CASE("schedules: falling rates reach a lower loss than the best constant one" *
          doctest::test_suite("slow")) {
  const Report report = experiments().find("schedules").run({.small = true});
  CHECK(findings(report) == "holds, holds, not judged");
  const auto& rows = report.tables[0].rows;  // constant, cosine, one-cycle
  REQUIRE(rows.size() == 3);
  for (int i : {1, 2}) CHECK(rows[i][2].number.mean < 0.8 * rows[0][2].number.mean);
  for (const auto& row : rows) CHECK(row[3].number.mean > 80);  // per cent
  REQUIRE(report.charts.size() == 2);
  CHECK(report.charts[1][0].title == "one-cycle");
}
