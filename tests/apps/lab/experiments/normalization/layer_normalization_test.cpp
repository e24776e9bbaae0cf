#include <doctest/doctest.h>

#include "apps/lab/experiments.hpp"
#include "tests/apps/lab/findings.hpp"

using namespace gradus::lab;

TEST_CASE("layer-norm: trains a recurrent network, batch norm only with statistics for each step" *
          doctest::test_suite("slow")) {
  const Report report = experiments().find("layer-norm").run({.small = true});
  CHECK(findings(report) == "not clear, holds, holds, holds, holds, fails");
  CHECK(report.verdict.remark == "Batch norm refuses single samples.");
  // At batches of 4 and then of 32: none, layer, batch, and batch with statistics of each step.
  const auto& rows = report.tables[0].rows;
  REQUIRE(rows.size() == 8);
  const auto loss = [&](int i) { return rows[i][2].number.mean; };
  const auto accuracy = [&](int i) { return rows[i][3].number.mean; };
  for (const int i : {1, 5}) {
    CHECK(accuracy(i) > 50);  // per cent
    CHECK(loss(i) < 0.9 * loss(i - 1));
    CHECK(accuracy(i + 1) < 35);
  }
  CHECK(accuracy(7) > 50);
  CHECK(loss(6) < 1.3);  // batch norm trains: it is evaluation that fails
}
