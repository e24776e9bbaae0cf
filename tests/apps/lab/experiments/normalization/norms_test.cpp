#include <doctest/doctest.h>

#include "apps/lab/experiments.hpp"
#include "tests/apps/lab/findings.hpp"

using namespace gradus::lab;

TEST_CASE("norms: a batch of 4 is too small for batch norm but not for layer norm" *
          doctest::test_suite("slow")) {
  const Report report = experiments().find("norms").run({.small = true});
  CHECK(findings(report) == "holds, not clear, not clear, holds, not clear");
  const auto& rows = report.tables[0].rows;  // batch, group and layer norm, first at batch 4
  for (int i = 0; i < 3; ++i) {
    CAPTURE(rows[i][0].word);
    CHECK(rows[i][2].number.mean > 70);  // per cent
  }
  CHECK(rows[0][3].number.mean > 3 * rows[1][3].number.mean);  // its noise stays in the loss
  CHECK(rows[0][3].number.mean > 3 * rows[2][3].number.mean);
}
