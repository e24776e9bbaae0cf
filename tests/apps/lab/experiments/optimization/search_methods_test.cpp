#include <doctest/doctest.h>

#include "apps/lab/experiments.hpp"

using namespace gradus::lab;

TEST_CASE("search: bayes beats random beats grid and Hyperband needs a third of the epochs" *
          doctest::test_suite("slow")) {
  const Report report = experiments().find("search").run({.small = true});
  CHECK_MESSAGE(report.verdict.outcome == Outcome::holds, report.verdict.reason);
  const auto& rows =
      report.tables[0].rows;  // grid, random and bayes, then a third: random, Hyperband
  CHECK(rows[4][1].number.mean > rows[1][1].number.mean);       // more trials
  CHECK(3 * rows[4][2].number.mean <= rows[1][2].number.mean);  // fewer epochs
  CHECK(rows[4][3].number.mean < rows[3][3].number.mean);
}
