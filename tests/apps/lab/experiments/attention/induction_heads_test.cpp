#include <doctest/doctest.h>

#include "apps/lab/experiments.hpp"
#include "tests/apps/lab/findings.hpp"

using namespace gradus::lab;

TEST_CASE("induction-heads: two layers copy, one layer only at a constant distance" *
          doctest::test_suite("slow")) {
  const Report report = experiments().find("induction-heads").run({.small = true});
  CHECK(findings(report) == "holds, holds, holds, holds, holds, fails");
  // Two layers, one layer of one head, of four heads, at the same distance.
  const auto& rows = report.tables[0].rows;
  REQUIRE(rows.size() == 4);
  const auto predicted = [&](int row) { return rows[row][1].number.mean; };
  CHECK(predicted(0) > 95);
  for (const int row : {1, 2}) {
    CHECK(predicted(row) < 15);
    CHECK(predicted(row) > 3);
  }
  CHECK(predicted(3) > 99);
  REQUIRE(report.charts.size() == 2);
  for (const Chart& pattern : report.charts[1]) CHECK(pattern.ground.has_value());
}
