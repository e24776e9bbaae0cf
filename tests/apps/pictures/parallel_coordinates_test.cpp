// render: parallel coordinates and bars.
#include "apps/pictures/parallel_coordinates.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

#include "apps/pictures/bars.hpp"

using namespace gradus::pictures;

TEST_CASE("Parallel coordinates have an axis for each parameter and a line for each trial") {
  const std::string svg = render(ParallelCoordinates{
      "Trials & errors",
      "all of them",
      {{"lr", {{0, "0.001"}, {1, "1"}}}, {"norm", {{0.25, "batch"}, {0.75, "none"}}}},
      {{{0.5, 0.25}, 0.5, false, "trial 1"}, {{1.0, std::nullopt}, 1, true, "trial <2>"}}});
  CHECK(svg.starts_with("<svg"));
  CHECK(svg.find("Trials &amp; errors") != svg.npos);
  for (const char* text : {">lr<", ">norm<", ">0.001<", ">batch<", ">all of them<"})
    CHECK(svg.find(text) != svg.npos);
  // The bottom of an axis is at 372, its top at 112; missing places are below.
  const std::size_t first = svg.find(
      "class=\"line s0\" stroke-opacity=\"0.56\" points=\"56.00,242.00 "
      "186.00,307.00\"><title>trial 1</title>");
  const std::size_t highlighted = svg.find(
      "class=\"line s1\" stroke-opacity=\"1.00\" points=\"56.00,112.00 "
      "186.00,398.00\"><title>trial "
      "&lt;2&gt;</title>");
  CHECK(first != svg.npos);
  CHECK(highlighted != svg.npos);
  CHECK(first < highlighted);
}

TEST_CASE("Invalid parallel coordinates are refused") {
  CHECK_THROWS_WITH(render(ParallelCoordinates{"", "", {{"a", {}}}, {}}),
                    "[parallel_coordinates] needs at least two axes, got 1");
  CHECK_THROWS_WITH(render(ParallelCoordinates{"", "", {{"a", {}}, {"b", {}}}, {{{0.5}}}}),
                    "[parallel_coordinates] each line needs 2 places, one for each axis, got 1");
}

TEST_CASE("The lengths of bars are proportional to their values") {
  const std::string svg =
      render(BarChart{"Importance", "", {{"lr", 0.5, "50 %"}, {"b", 0, "0 %"}}});
  CHECK(svg.find("width=\"125.00\" height=\"16.00\"") != svg.npos);
  CHECK(svg.find("width=\"0.00\" height=\"16.00\"") != svg.npos);
  CHECK(svg.find(">50 %<") != svg.npos);
  CHECK_THROWS_WITH(render(BarChart{"", "", {{"lr", 1.5, ""}}}),
                    "[bars] the length of 'lr' must be in [0, 1], got 1.5");
}

TEST_CASE("The spread of a bar is a line around its end, within the chart") {
  const std::string svg = render(BarChart{
      "Columns", "", {{"age", 0.9, "12.3 ± 2.1", 0.2}, {"bmi", 0.1, "1", 0.2}, {"bp", 0, "0"}}});
  // A text of 10 characters needs 74 px, so the longest bar has 460 − 150 − 74 = 236, from 174 on.
  CHECK(svg.find("width=\"212.40\" height=\"16.00\"") != svg.npos);
  CHECK(svg.find("x1=\"339.20\" y1=\"90.00\" x2=\"410.00\" y2=\"90.00\"") != svg.npos);
  CHECK(svg.find("x1=\"174.00\" y1=\"116.00\" x2=\"244.80\" y2=\"116.00\"") != svg.npos);
  CHECK(svg.find("x=\"418.00\" y=\"94.00\" text-anchor=\"start\">12.3 ± 2.1<") != svg.npos);
  CHECK(svg.find("y1=\"142.00\"") == svg.npos);  // no spread
}
