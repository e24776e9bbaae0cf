#include <doctest/doctest.h>

#include "apps/lab/experiments.hpp"
#include "tests/apps/lab/findings.hpp"

using namespace gradus::lab;

TEST_CASE("symmetry: equal units stay equal bit for bit and train like a single one") {
  const Report report = experiments().find("symmetry").run({.small = true});
  CHECK(findings(report) == "holds, holds, holds");
  const auto& rows = report.tables[0].rows;  // zero, equal, one unit, nearly equal, random
  REQUIRE(rows.size() == 5);
  const auto loss = [&](int row) { return rows[row][1].number.mean; };
  const auto rank = [&](int row) { return rows[row][3].number.mean; };
  const auto difference = [&](int row) { return rows[row][4].number.mean; };
  CHECK(loss(0) == doctest::Approx(2.3026).epsilon(0.005));  // ln 10: nothing is learned
  CHECK(rank(0) == 0);
  CHECK(loss(1) == doctest::Approx(loss(2)).epsilon(0.005));
  CHECK(loss(1) > 1);
  CHECK(rank(1) == doctest::Approx(1).epsilon(1e-3));
  CHECK(difference(1) < 1e-6);
  for (int row : {3, 4}) {
    CHECK(loss(row) < 0.6);
    CHECK(rank(row) > 7);
    CHECK(difference(row) > 0.1);
  }
}
