#include <doctest/doctest.h>

#include "apps/lab/experiments.hpp"
#include "tests/apps/lab/findings.hpp"

using namespace gradus::lab;

TEST_CASE("regularizers: early stopping, distillation and smoothing have their claimed effects" *
          doctest::test_suite("slow")) {
  const Report report = experiments().find("regularizers").run({.small = true});
  CHECK(findings(report) == "holds, not clear, holds, holds, not clear, holds");
  // Early stopping, augmentation, distillation; label smoothing: logits, then loss and error where
  // labels are wrong.
  const auto& rows = report.tables[0].rows;
  REQUIRE(rows.size() == 6);
  const auto without = [&](int row) { return rows[row][2].number.mean; };
  const auto with = [&](int row) { return rows[row][3].number.mean; };
  CHECK(without(1) < 12);  // per cent: training works
  CHECK(with(0) < 0.8 * without(0));
  CHECK(with(0) > 5);
  CHECK(with(1) < without(1) + 1);
  CHECK(with(2) < 0.8 * without(2));
  CHECK(with(3) < 0.5 * without(3));
  CHECK(with(3) == doctest::Approx(4.5).epsilon(0.25));  // log(0.91/0.01) or less
  CHECK(with(4) < without(4));
  for (const auto& row : rows) CHECK(row[4].number.runs == 3);
}
