#include <doctest/doctest.h>

#include "apps/lab/experiments.hpp"
#include "tests/apps/lab/findings.hpp"

using namespace gradus::lab;

TEST_CASE("lrn: batch norm lowers the loss, local response norm hardly does" *
          doctest::test_suite("slow")) {
  const Report report = experiments().find("lrn").run({.small = true});
  CHECK(findings(report) == "holds, holds, holds, holds");
  const auto& rows = report.tables[0].rows;  // none, local with α = 1e-4 and 1, batch
  REQUIRE(rows.size() == 4);
  const auto at = [&](int row, int column) { return rows[row][column].number.mean; };
  for (int row : {0, 1, 2}) CHECK(at(3, 2) < 0.75 * at(row, 2));  // losses
  for (int row = 0; row < 4; ++row) CHECK(at(row, 3) > 80);       // accuracies in percent
  CHECK(at(3, 3) > 90);
  CHECK(at(1, 4) > 0.09);  // beside one factor for all, in percent
  CHECK(at(1, 4) < 0.5);
  CHECK(at(2, 4) > 30);
  CHECK(at(2, 4) < 80);
}
