#include <doctest/doctest.h>

#include "apps/lab/experiments.hpp"
#include "tests/apps/lab/findings.hpp"

using namespace gradus::lab;

TEST_CASE("feature-scale: better scaling of features needs fewer steps" *
          doctest::test_suite("slow")) {
  const Report report = experiments().find("feature-scale").run({.small = true});
  CHECK(findings(report) == "holds, holds, holds, holds, holds, holds");
  // People, then digits: none, min-max, z-score, whitened, only centred; the columns are the
  // condition number, the share of the largest eigenvalue, and the steps.
  const auto& rows = report.tables[0].rows;
  REQUIRE(rows.size() == 10);
  const auto number = [&](int row, int column) { return rows[row][column].number.mean; };
  CHECK(number(0, 2) > 1e12);
  CHECK(number(1, 2) < 1000);
  CHECK(number(2, 2) < 20);
  CHECK(number(3, 2) == doctest::Approx(1).epsilon(1e-3));
  CHECK(number(3, 3) == doctest::Approx(20).epsilon(1e-3));  // one of five eigenvalues
  CHECK(number(0, 4) == 5000);                               // never learned
  for (const int whitened : {3, 8}) CHECK(number(whitened, 4) == 1);
  CHECK(number(4, 4) == 5000);  // centring leaves the units of people …
  CHECK(number(9, 4) < 12);     // … but is what pixels need
}
