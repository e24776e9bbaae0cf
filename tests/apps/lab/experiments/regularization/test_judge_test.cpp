#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "apps/lab/experiments.hpp"
#include "tests/apps/lab/findings.hpp"

using namespace gradus::lab;

TEST_CASE("test-judge: the half of the test set that chooses an epoch flatters it") {
  const Report report = experiments().find("test-judge").run({.small = true});
  CHECK(findings(report) == "holds");
  // Chosen by the test set, the last, chosen by the validation set: epoch, test accuracy in
  // percent, and how much it is above the last.
  const auto& choices = report.tables[0].rows;
  REQUIRE(choices.size() == 3);
  const auto number = [&](int row, int column) { return choices[row][column].number.mean; };
  CHECK(number(0, 2) > 95);
  CHECK(number(0, 2) >= number(1, 2));
  CHECK(number(0, 2) >= number(2, 2));
  CHECK(number(1, 1) == 20);
  CHECK(number(1, 3) == 0);
  CHECK(number(2, 3) == doctest::Approx(number(2, 2) - number(1, 2)));
  // On the half that chose, on the other half, the difference.
  REQUIRE(report.tables[1].rows.size() == 1);
  const auto& halves = report.tables[1].rows[0];
  const gradus::Estimate judge = halves[0].number, stranger = halves[1].number,
                         flattery = halves[2].number;
  CHECK(judge.mean >= number(0, 2));  // a half has its own best epoch
  CHECK(stranger.mean <= number(0, 2));
  CHECK(flattery.mean == doctest::Approx(judge.mean - stranger.mean));
  CHECK(flattery.mean > 0.3);
  const double reach = 4.3026527 * flattery.spread / std::sqrt(3);  // Student's t of 2
  CHECK(report.verdict.parts[0].numbers ==
        fmt::format("{:.2f} (95 % interval {:.2f} to {:.2f}, 3 seeds)", flattery.mean,
                    flattery.mean - reach, flattery.mean + reach));
  // The chosen epochs are points of the test set's curve.
  const auto& series = report.charts[0][0].series;
  REQUIRE(series.size() >= 4);
  CHECK(series[0].x.size() == 20);
  CHECK(series[1].y.size() == 20);
  for (std::size_t i = 2; i < series.size(); ++i)
    CHECK(series[i].y[0] == series[0].y[static_cast<std::size_t>(series[i].x[0]) - 1]);
  CHECK(series.back().name.ends_with("last"));
}
