// render: groups of histograms.
#include "apps/pictures/histogram.hpp"

#include <doctest/doctest.h>

#include "tests/apps/pictures/svg.hpp"

using namespace gradus;
using namespace gradus::pictures;

TEST_CASE("The heights of bars are proportional to the shares, at the axis's positions") {
  const std::string svg = render(
      {{"Weights", "value", AxisScale::linear, {{"0.weight", "a note", -1, 1, {.1, .4, .2, 0}}}}});
  CHECK(malformed(svg) == "");
  CHECK(occurrences(svg, ">0.weight</text>") == 1);
  CHECK(occurrences(svg, ">a note</text>") == 1);
  const auto bars = numbers(
      svg, R"re(<rect class="d0" x="([^"]*)" y="([^"]*)" width="([^"]*)" height="([^"]*)")re");
  REQUIRE(bars.size() == 3);  // no bar for a share of 0
  CHECK(bars[0][3] == doctest::Approx(bars[1][3] / 4));
  CHECK(bars[2][3] == doctest::Approx(bars[1][3] / 2));
  CHECK(bars[0][1] + bars[0][3] == doctest::Approx(bars[1][1] + bars[1][3]));
  CHECK(bars[1][0] == doctest::Approx(bars[0][0] + bars[0][2]));
  // Zero is where the third of the four bins begins.
  for (const auto& tick : numbers(svg, R"re(<text class="small" x="([^"]*)"[^>]*>([-0-9.]+)<)re"))
    if (tick[1] == 0) CHECK(tick[0] == doctest::Approx(bars[2][0]));
}

TEST_CASE("Histograms are drawn four in a row, groups one below the other") {
  const Histogram one{"h", "", 0, 4, {1}};
  const std::string svg = render({{"First", "", AxisScale::linear, {one, one, one, one, one}},
                                  {"Second", "", AxisScale::logarithmic, {one}}});
  CHECK(malformed(svg) == "");
  const auto at = numbers(svg, R"re(<text class="name" x="([^"]*)" y="([^"]*)")re");
  REQUIRE(at.size() == 6);
  CHECK(at[3][1] == at[0][1]);
  CHECK(at[4][0] == at[0][0]);
  CHECK(at[4][1] > at[0][1]);
  CHECK(at[5][1] > at[4][1]);
  CHECK(occurrences(svg, ">100</text>") == 1);  // 10², of the logarithmic axis alone
  CHECK(malformed(render({{"Empty", "", AxisScale::linear, {{"none", "", 0, 1, {}}}}})) == "");
  CHECK_THROWS_WITH(render({{"G", "", AxisScale::linear, {{"h", "", 1, 1, {1}}}}}),
                    "[histogram] the axis of 'h' needs low < high, got 1 and 1");
}
