#include <doctest/doctest.h>

#include "apps/lab/experiments.hpp"
#include "tests/apps/lab/findings.hpp"

using namespace gradus::lab;

TEST_CASE(
    "batch-size: the gradient's variance is proportional to 1/B, and the rate follows a rule" *
    doctest::test_suite("slow")) {
  const Report report = experiments().find("batch-size").run({.small = true});
  CHECK(findings(report) == "holds, holds, holds, holds, holds, not clear");
  const auto& gradients = report.tables[0].rows;  // batches of 1, 4, 16, 64, 256
  REQUIRE(gradients.size() == 5);
  for (const auto& row : gradients) {
    CHECK(row[2].number.mean == doctest::Approx(gradients[0][2].number.mean).epsilon(0.15));
    CHECK(row[3].number.mean < 1.5 * row[4].number.mean);
  }
  const auto& losses = report.tables[1].rows;  // of each optimizer: ×1, ×√k, ×k, ×k without warm-up
  REQUIRE(losses.size() == 8);
  const auto at_128 = [&](int row) { return losses[row][4].number.mean; };
  CHECK(at_128(0) > 3 * at_128(2));  // SGD
  CHECK(at_128(1) > 1.5 * at_128(2));
  CHECK(at_128(2) < 3 * losses[2][2].number.mean);
  CHECK(at_128(4) > 1.3 * at_128(5));  // Adam
  CHECK(at_128(7) > 2 * at_128(5));
}
