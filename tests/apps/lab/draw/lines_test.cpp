#include "apps/lab/draw/lines.hpp"

#include <doctest/doctest.h>

#include "optim/schedules/schedule_text.hpp"

using namespace gradus::lab;

TEST_CASE("A curve that would hide another one only adds its name") {
  gradus::pictures::Chart chart{"", "", "", {}};
  add_or_join(chart, {"a", {1, 2}, {3, 4}});
  add_or_join(chart, {"b", {1, 2}, {3.01, 4.01}});
  add_or_join(chart, {"c", {1, 2}, {3, 5}});
  REQUIRE(chart.series.size() == 2);
  CHECK(chart.series[0].name == "a, b");
  CHECK(chart.series[1].name == "c");
  const std::string name(237, 'd');  // too long to be joined
  add_or_join(chart, {name, {1, 2}, {3, 4}});
  REQUIRE(chart.series.size() == 3);
  CHECK(chart.series[2].name == name);
}

TEST_CASE("Charts fill rows, and a schedule is drawn for a loss that never falls") {
  const gradus::pictures::Chart chart{"", "", "", {}};
  CHECK(in_rows({}, 2).empty());
  const auto rows = in_rows({chart, chart, chart}, 2);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].size() == 2);
  CHECK(rows[1].size() == 1);
  const auto plateau = gradus::optim::reduce_on_plateau(8, {.factor = 0.5, .patience = 0});
  const gradus::pictures::Series curve = rate_curve("r", plateau, 3, 2);
  CHECK(curve.x == std::vector<double>{0, 1, 2, 3, 4, 5});
  CHECK(curve.y == std::vector<double>{8, 8, 8, 8, 4, 4});
}

TEST_CASE("Runs have consecutive seeds, and curves have a mean at each point") {
  struct Run {
    std::vector<double> values;
  };
  const auto runs = over_seeds({.seed = 5, .seeds = 2}, 9, [](uint64_t seed) {
    return Run{{static_cast<double>(seed), 1}};
  });
  CHECK(runs.size() == 2);
  const gradus::pictures::Series curve = mean_curve("r", runs, &Run::values, 100);
  CHECK(curve.x == std::vector<double>{1, 2});
  CHECK(curve.y == std::vector<double>{550, 100});
}
