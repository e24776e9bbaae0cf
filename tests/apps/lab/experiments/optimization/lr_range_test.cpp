#include <doctest/doctest.h>

#include "apps/lab/experiments.hpp"
#include "tests/apps/lab/findings.hpp"

using namespace gradus::lab;

TEST_CASE("lr-range: the rate that the range test finds is better than a tenth and ten times it" *
          doctest::test_suite("slow")) {
  const Report report = experiments().find("lr-range").run({.small = true});
  CHECK(findings(report) == "holds, holds");
  const auto& rows = report.tables[0].rows;
  REQUIRE(rows.size() == 5);
  CHECK(rows[2][1].number.mean > 1e-3);
  CHECK(rows[2][1].number.mean < 2e-2);
  CHECK(rows[2][3].number.mean > 85);  // per cent
  CHECK(report.verdict.remark.find(" Suggestion: --lr 0.00") != std::string::npos);
}
