#include <doctest/doctest.h>

#include "apps/lab/experiments.hpp"
#include "tests/apps/lab/findings.hpp"

using namespace gradus::lab;

TEST_CASE("affine: with γ = σ and β = μ batch norm is the identity, the others for one sample" *
          doctest::test_suite("slow")) {
  const Report report = experiments().find("affine").run({.small = true});
  CHECK(findings(report) == "holds, holds, fails, fails, holds, holds, holds");
  const auto& given = report.tables[0].rows;  // batch, layer, instance; from 1 to 512 samples
  REQUIRE(given.size() == 18);
  for (int i = 0; i < 6; ++i) CHECK(given[i][2].number.mean < 1e-5);
  for (const int scheme : {1, 2}) {
    CHECK(given[6 * scheme][2].number.mean < 1e-5);
    CHECK(given[6 * scheme + 5][2].number.mean > 0.3);
  }
  for (const auto& row : report.tables[1].rows) {
    CAPTURE(row[0].word);
    CHECK(row[1].number.mean > 0.7);
    CHECK(row[2].number.mean < row[1].number.mean - 0.2);
  }
}
