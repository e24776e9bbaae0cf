#include <doctest/doctest.h>

#include "apps/lab/experiments.hpp"
#include "tests/apps/lab/findings.hpp"

using namespace gradus::lab;

TEST_CASE("initialization: He's weights keep variances with ReLU, Xavier's with tanh almost") {
  const Report report = experiments().find("initialization").run({.small = true});
  CHECK(findings(report) == "holds, holds, fails, holds, holds");
  // For tanh, ReLU and linear: half of Xavier's, twice as large, Xavier, He, orthogonal.
  const auto& rows = report.tables[0].rows;
  REQUIRE(rows.size() == 15);
  const auto forward = [&](int row) { return rows[row][2].number.mean; };
  const auto back = [&](int row) { return rows[row][3].number.mean; };
  const std::function<double(int)> factors[] = {forward, back};
  for (const auto& factor : factors) {
    CHECK(factor(0) == doctest::Approx(0.25).epsilon(0.05));
    CHECK(factor(2) == doctest::Approx(0.87).epsilon(0.03));
    CHECK(factor(7) == doctest::Approx(0.5).epsilon(0.06));
    CHECK(factor(8) == doctest::Approx(1).epsilon(0.06));
    CHECK(factor(14) == doctest::Approx(1).epsilon(1e-3));
  }
  CHECK(forward(1) == doctest::Approx(1).epsilon(0.02));  // saturated
  CHECK(back(1) > 1.3);                                   // and yet gradients explode
  const auto& gains = report.charts[2][0].series[4];
  CHECK(gains.name == "orthogonal");
  CHECK(gains.y.front() - gains.y.back() < 1e-5);
}
