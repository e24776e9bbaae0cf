#include <doctest/doctest.h>

#include "apps/lab/experiments.hpp"
#include "tests/apps/lab/findings.hpp"

using namespace gradus::lab;

TEST_CASE("sparsity: only the lasso and the elastic net make weights 0, by proximal steps") {
  const Report report = experiments().find("sparsity").run({.seeds = 3, .small = true});
  CHECK(findings(report) == "holds, holds, holds, holds, holds");
  const auto& rows =
      report.tables[0].rows;  // lasso, ridge, elastic net, and a penalty that isn't convex
  REQUIRE(rows.size() == 4);
  CHECK(rows[0][1].number.mean > 3);
  CHECK(rows[0][1].number.mean <= 5);
  CHECK(rows[2][1].number.mean > 2);
  CHECK(rows[1][1].number.mean == 0);
  for (int row : {0, 1, 2}) {
    CHECK(rows[row][2].number.mean == 0);
    CHECK(rows[row][3].number.mean == 0);
  }
  CHECK(rows[3][3].number.mean > 5);
}

TEST_CASE(
    "sparsity: the lasso's path starts at the largest slope, the elastic net shares weights") {
  const auto charts = experiments().find("sparsity").run({.seeds = 1, .small = true}).charts[0];
  const auto& [lasso, ridge, elastic_net] = std::tie(charts[0], charts[1], charts[2]);
  const auto left = [](const gradus::pictures::Chart& path, std::size_t at) {
    int count = 0;
    for (const auto& weight : path.series) count += weight.y[at] != 0;
    return count;
  };
  CHECK(left(lasso, 0) == 0);  // 2 % above the largest slope
  CHECK(left(lasso, 1) == 1);  // 2 % below it
  CHECK(left(ridge, 0) == 8);
  const std::size_t end = lasso.series[0].y.size() - 1;
  for (std::size_t i : {0, 1, 2}) {
    CHECK(std::abs(lasso.series[i].y[end]) > 0.8);
    CHECK(std::abs(ridge.series[i].y[end]) > 0.5);
  }
  CHECK(std::abs(elastic_net.series[3].y[end]) > 2 * std::abs(lasso.series[3].y[end]));
}
