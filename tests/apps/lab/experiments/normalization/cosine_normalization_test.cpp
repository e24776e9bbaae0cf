#include <doctest/doctest.h>

#include "apps/lab/experiments.hpp"
#include "tests/apps/lab/findings.hpp"

using namespace gradus::lab;

TEST_CASE(
    "cosine-norm: bounded by 1, and its loss by that of the simplex unless there is a scale") {
  const Report report = experiments().find("cosine-norm").run({.small = true});
  CHECK(findings(report) == "holds, holds, holds, holds, holds");
  REQUIRE(report.tables.size() == 3);
  for (const auto& row : report.tables[0].rows)
    CHECK(row[2].number.mean == doctest::Approx(1).epsilon(1e-5));
  for (const auto& row : report.tables[1].rows)  // floor, simplex, reached
    CHECK(row[3].number.mean == doctest::Approx(row[2].number.mean).epsilon(1e-3));
  CHECK(report.tables[1].rows[3][2].number.mean == doctest::Approx(1.3769).epsilon(1e-4));
  const auto& rows = report.tables[2].rows;  // cosine, ten times, learned
  CHECK(rows[0][1].number.mean < 1.6);
  CHECK(rows[1][1].number.mean < 0.1);
  CHECK(rows[2][1].number.mean < 1.3);
  for (const auto& row : rows) CHECK(row[2].number.mean < 20);  // per cent
}
