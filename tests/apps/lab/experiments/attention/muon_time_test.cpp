#include <doctest/doctest.h>

#include "apps/lab/experiments.hpp"
#include "tests/apps/lab/findings.hpp"

using namespace gradus::lab;

TEST_CASE("muon: it needs fewer steps than AdamW" * doctest::test_suite("slow")) {
  const Report report = experiments().find("muon").run({.small = true});
  REQUIRE(report.verdict.parts.size() == 2);
  CHECK(report.verdict.parts[0].finding == Finding::holds);  // the other depends on times
  // Muon, then AdamW with as many, 1.5 times and twice as many steps.
  const auto& rows = report.tables[0].rows;
  REQUIRE(rows.size() == 4);
  const auto loss = [&](int row) { return rows[row][3].number.mean; };
  CHECK(loss(0) < 0.7);
  CHECK(loss(0) < loss(2));
  CHECK(loss(3) < loss(2));
  CHECK(loss(2) < loss(1));
  const gradus::Estimate needed = report.tables[1].rows[0][3].number;
  CHECK(needed.mean > 1.5);
  CHECK(needed.mean <= 2);
}
