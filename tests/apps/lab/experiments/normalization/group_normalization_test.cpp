#include <doctest/doctest.h>

#include "apps/lab/experiments.hpp"
#include "tests/apps/lab/findings.hpp"

using namespace gradus::lab;

TEST_CASE("group-norm: changes from layer norm at G = 1 to instance norm at G = C") {
  for (const uint64_t seed : {0, 1}) {
    const Report report =
        experiments().find("group-norm").run({.seed = seed, .seeds = 1, .small = true});
    CHECK(findings(report) == "holds, holds, holds");
    const auto& rows = report.tables[0].rows;  // layer, five of group, instance
    REQUIRE(rows.size() == 7);
    for (const int i : {0, 1}) CHECK(rows[i][1].number.mean < 1e-9);
    for (const int i : {5, 6}) CHECK(rows[i][2].number.mean < 1e-9);
    for (const int i : {0, 1}) CHECK(rows[i][2].number.mean > 0.5);
    for (const int i : {5, 6}) CHECK(rows[i][1].number.mean > 0.5);
    for (const auto& row : rows) CHECK(row[3].number.mean > 25);  // per cent: more than chance
  }
}
