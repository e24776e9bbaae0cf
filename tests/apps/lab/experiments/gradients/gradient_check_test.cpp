#include <doctest/doctest.h>

#include <algorithm>

#include "apps/lab/experiments.hpp"
#include "apps/lab/models/planted.hpp"
#include "tests/apps/lab/findings.hpp"

using namespace gradus::lab;

TEST_CASE("gradient-check: a random upstream gradient finds all mistakes, the sum hides some") {
  const Report report = experiments().find("gradient-check").run({.small = true});
  CHECK(findings(report) == "holds, holds, fails, fails, fails, fails, fails");
  // Points (%) with an error: random upstream, of the sum, at x > 0, float, float with a fine step.
  const auto& rows = report.tables[0].rows;
  REQUIRE(rows.size() == planted_gradients().size());
  std::vector<std::string> hidden_by_sum;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CAPTURE(rows[i][0].word + ", " + rows[i][1].word);
    const bool right = planted_gradients()[i].is_right();
    CHECK(rows[i][2].number.mean == (right ? 0 : 100));
    CHECK(rows[i][6].number.mean == 100);  // nothing but rounding
    if (!right && rows[i][3].number.mean == 0) hidden_by_sum.push_back(rows[i][1].word);
  }
  CHECK(hidden_by_sum ==
        std::vector<std::string>{"wrong sign", "factor 2", "0.1 % too large", "not transposed"});
  // The error falls as h² and grows again as rounding takes over; of a wrong gradient it stays.
  const auto& curves = report.charts[0][0].series;
  const auto least = [&](std::size_t curve) {
    return *std::min_element(curves[curve].y.begin(), curves[curve].y.end());
  };
  CHECK(least(0) < 1e-9);
  CHECK(least(1) > 1e-6);
  CHECK(least(1) < 1e-3);
  CHECK(least(2) == doctest::Approx(0.001).epsilon(0.02));
  CHECK(least(3) > 0.4);
}
