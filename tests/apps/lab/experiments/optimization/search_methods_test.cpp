#include <doctest/doctest.h>

#include "apps/lab/experiments.hpp"
#include "tests/apps/lab/findings.hpp"

using namespace gradus::lab;

TEST_CASE("search: bayes beats random beats grid and Hyperband needs a third of the epochs" *
          doctest::test_suite("slow")) {
  const Report report = experiments().find("search").run({.small = true});
  // Four seeds are too few for the interval of bayes and random.
  CHECK(findings(report) == "holds, not clear, holds, not clear");
  const auto& rows =
      report.tables[0]
          .rows;  // grid, random, bayes; random and Hyperband with a third of the epochs
  CHECK(rows[1][3].number.mean < rows[0][3].number.mean);
  CHECK(rows[2][3].number.mean < rows[1][3].number.mean);
  CHECK(rows[4][1].number.mean > rows[1][1].number.mean);       // more trials
  CHECK(3 * rows[4][2].number.mean <= rows[1][2].number.mean);  // fewer epochs
  CHECK(rows[4][3].number.mean < rows[3][3].number.mean);
}
