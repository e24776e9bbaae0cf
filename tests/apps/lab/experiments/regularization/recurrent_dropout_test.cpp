#include <doctest/doctest.h>

#include "apps/lab/experiments.hpp"
#include "tests/apps/lab/findings.hpp"

using namespace gradus::lab;

TEST_CASE(
    "recurrent-dropout: new masks on the state erase memory, one mask in the product doesn't" *
    doctest::test_suite("slow")) {
  const Report report = experiments().find("recurrent-dropout").run({.small = true});
  CHECK(findings(report) == "holds, holds, not clear");
  const auto& rows = report.tables[0].rows;  // of a GRU: nothing, one mask, new masks, the state
  REQUIRE(rows.size() == 4);
  const auto after_10 = [&](int row) { return rows[row][2].number.mean; };
  for (int row : {0, 1, 2}) CHECK(after_10(row) > 95);  // per cent
  CHECK(after_10(3) < 60);
}
