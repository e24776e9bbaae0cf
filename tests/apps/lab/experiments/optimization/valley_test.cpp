#include <doctest/doctest.h>

#include "apps/lab/experiments.hpp"
#include "tests/apps/lab/findings.hpp"

using namespace gradus::lab;

TEST_CASE("valley: momentum is faster along it, and adaptive rates leave a saddle first" *
          doctest::test_suite("slow")) {
  const Report report = experiments().find("valley").run({.small = true});
  CHECK(findings(report) ==
        "holds, holds, holds, holds, holds, holds, holds, holds, holds, holds, holds");
  // Of SGD, momentum, NAG, AdaGrad, RMSProp, Adam and AdaDelta: in the valley, in the rotated one,
  // on Rosenbrock's function, near the saddle point.
  const auto& rows = report.tables[0].rows;
  REQUIRE(rows.size() == 28);
  const auto steps = [&](int row) { return rows[row][3].number.mean; };
  const auto away = [&](int row) { return rows[21 + row][4].number.mean; };
  for (int valley : {0, 7}) {
    CHECK(steps(valley + 1) < 0.3 * steps(valley));
    CHECK(steps(valley + 2) < 0.4 * steps(valley + 1));
  }
  for (int row : {3, 4}) {
    CHECK(steps(row) < 10);
    CHECK(steps(7 + row) > 200);
  }
  CHECK(away(0) > 10 * away(1));
  for (int row : {3, 4, 5}) CHECK(away(row) < 5);
  CHECK(away(6) < 20);
  CHECK(steps(14 + 1) < 300);
  CHECK(steps(14 + 5) < 1000);
}
