#include <doctest/doctest.h>

#include "apps/lab/experiments.hpp"
#include "tests/apps/lab/findings.hpp"

using namespace gradus::lab;

TEST_CASE(
    "dropout: fewer errors than without it and few more than the mean of many thinned networks" *
    doctest::test_suite("slow")) {
  const Report report = experiments().find("dropout").run({.small = true});
  CHECK(findings(report) == "holds, holds");
  const auto& rows = report.tables[0].rows;  // without, with, means of 2, 5, 10, 20 and 50
  REQUIRE(rows.size() == 7);
  CHECK(rows[0][1].number.mean < 20);
  CHECK(rows[2][1].number.mean > rows[6][1].number.mean);
}
