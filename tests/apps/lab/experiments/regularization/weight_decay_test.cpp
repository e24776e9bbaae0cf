#include <doctest/doctest.h>

#include "apps/lab/experiments.hpp"
#include "tests/apps/lab/findings.hpp"

using namespace gradus::lab;

TEST_CASE(
    "weight-decay: equals the L2 penalty only for plain SGD, and Adam's penalty isn't decay") {
  const Report report = experiments().find("weight-decay").run({.small = true});
  CHECK(findings(report) == "holds, holds, holds, holds, holds");
  const auto& apart = report.tables[0].rows;  // SGD, Adam, momentum, with ten times the decay
  REQUIRE(apart.size() == 4);
  CHECK(apart[0][1].number.mean < 1e-12);
  for (int i : {1, 2, 3}) CHECK(apart[i][1].number.mean > 1e-3);
  const auto& left = report.tables[1].rows;  // SGD and Adam, each penalty and decay
  REQUIRE(left.size() == 4);
  for (int row : {0, 1, 3})
    for (int size : {1, 2, 3})
      CHECK(left[row][size].number.mean == doctest::Approx(0.368).epsilon(0.15));
  CHECK(std::abs(left[2][1].number.mean) < 0.05);                        // e^(−10)
  CHECK(left[2][3].number.mean == doctest::Approx(0.90).epsilon(0.03));  // e^(−0.1)
}
