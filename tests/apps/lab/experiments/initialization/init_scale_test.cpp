#include <doctest/doctest.h>

#include "apps/lab/experiments.hpp"
#include "tests/apps/lab/findings.hpp"

using namespace gradus::lab;

TEST_CASE("init-scale: with batch norm K doesn't change outputs, nor training at a rate ×K²") {
  const Report report = experiments().find("init-scale").run({.small = true});
  CHECK(findings(report) == "holds, holds, fails, holds");
  const auto& rows = report.tables[0].rows;  // batch, batch with ε = 1e-5, none; K = 0.01 … 100
  REQUIRE(rows.size() == 15);
  for (int i = 0; i < 5; ++i) {
    CHECK(rows[i][2].number.mean < 1e-4);
    CHECK(rows[i][5].number.mean == doctest::Approx(rows[2][5].number.mean).epsilon(0.05));
  }
  CHECK(rows[0][4].number.mean > 2 * rows[2][4].number.mean);  // at one rate K = 0.01 is slower
  CHECK(rows[4][4].number.mean > 2 * rows[2][4].number.mean);  // and so is 100
  CHECK(rows[5][2].number.mean > 0.1);                         // where ε is no longer small
  CHECK(rows[12][3].number.mean > 30);                         // per cent, without batch norm
  for (const int i : {10, 14}) CHECK(rows[i][3].number.mean < 20);
}
