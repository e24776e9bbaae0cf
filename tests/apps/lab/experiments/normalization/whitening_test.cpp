#include <doctest/doctest.h>

#include "apps/lab/experiments.hpp"
#include "tests/apps/lab/findings.hpp"

using namespace gradus::lab;
using doctest::Approx;

TEST_CASE("whitening: weights stay standardized or whitened only if every pass does it" *
          doctest::test_suite("slow")) {
  const Report report = experiments().find("whitening").run({.small = true});
  CHECK(findings(report) == "holds, holds, holds, holds, not clear, holds");
  // Plain, standardized once, standardized, whitened once, whitened.
  const auto& rows = report.tables[0].rows;
  REQUIRE(rows.size() == 5);
  const auto at = [&](int row, int column) { return rows[row][column].number.mean; };
  for (int row : {0, 1, 3}) CHECK(at(row, 2) > 0.05);  // means over deviations
  for (int row : {2, 4}) CHECK(at(row, 2) < 1e-6);
  CHECK(at(2, 3) < 1e-5);  // the deviations are 1
  CHECK(at(0, 4) > 5);     // condition numbers
  CHECK(at(3, 4) > 1.5);
  CHECK(at(4, 4) == Approx(1).epsilon(1e-3));
  CHECK(at(4, 1) < 0.95 * at(0, 1));  // losses
  for (int row = 0; row < 5; ++row) CHECK(at(row, 1) < 0.9);
}
