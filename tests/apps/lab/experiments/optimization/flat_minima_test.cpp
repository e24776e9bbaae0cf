#include <doctest/doctest.h>

#include "apps/lab/experiments.hpp"
#include "tests/apps/lab/findings.hpp"

using namespace gradus::lab;

TEST_CASE("flat-minima: at the same rate small batches end at points of smaller curvature" *
          doctest::test_suite("slow")) {
  const Report report = experiments().find("flat-minima").run({.small = true});
  CHECK(findings(report) == "holds, fails");
  const auto& rows = report.tables[0].rows;  // small, large, small batches at a tenth of the rate
  REQUIRE(rows.size() == 3);
  const auto at = [&](int row, int column) { return rows[row][column].number.mean; };
  for (int row : {0, 1, 2}) {
    CHECK(at(row, 5) == doctest::Approx(at(row, 4)).epsilon(0.01));  // by differences
    CHECK(at(row, 4) < at(row, 3));                                  // it falls with the loss
    CHECK(at(row, 7) > 94);                                          // test accuracy
  }
  CHECK(at(1, 4) > 2 * at(0, 4));
  CHECK(at(1, 4) < 2 / 0.1 * 1.1);  // gradient descent would leave what is sharper
  CHECK(at(2, 4) > 2 * at(0, 4));
}
