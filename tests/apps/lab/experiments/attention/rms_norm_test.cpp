#include <doctest/doctest.h>

#include "apps/lab/experiments.hpp"
#include "tests/apps/lab/findings.hpp"

using namespace gradus::lab;

TEST_CASE("rms-norm: RMS norm trains like layer norm" * doctest::test_suite("slow")) {
  const Report report = experiments().find("rms-norm").run({.small = true});
  CHECK(report.verdict.parts.size() == 6);   // those of times aren't tested
  const auto& rows = report.tables[0].rows;  // layer, RMS, none
  REQUIRE(rows.size() == 3);
  const auto loss = [&](int row) { return rows[row][1].number.mean; };
  CHECK(loss(0) < 1.05);
  CHECK(loss(1) < 1.05);
  CHECK(loss(2) > loss(1) + 0.05);
  CHECK(report.tables[1].rows.size() == 4);
}
