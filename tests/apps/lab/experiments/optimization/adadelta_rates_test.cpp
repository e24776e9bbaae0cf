#include <doctest/doctest.h>

#include "apps/lab/experiments.hpp"
#include "tests/apps/lab/findings.hpp"

using namespace gradus::lab;

TEST_CASE("adadelta: its constant has less effect than the rates of the others" *
          doctest::test_suite("slow")) {
  const Report report = experiments().find("adadelta").run({.seeds = 1, .small = true});
  CHECK(findings(report) == "holds, holds, holds, holds, holds, holds");
  REQUIRE(report.tables.size() == 2);
  CHECK(report.tables[0].rows[3].size() == 7);              // ε, and two columns for each of three
  CHECK(report.tables[0].rows[3][2].number.mean == 17.01);  // the paper's SGD at 1e-3
  CHECK(report.tables[0].rows[0][1].number.mean < 10);      // ours at 1
  CHECK(report.tables[0].rows[4][1].number.mean > 20);      // at 1e-4: too slow
  CHECK(report.charts[0][0].series.size() == 4);
}
