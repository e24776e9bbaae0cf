// render: confusion matrices.
#include "apps/pictures/confusion.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "tests/apps/pictures/svg.hpp"

using namespace gradus;
using namespace gradus::pictures;

namespace {

std::string render_matrix(const std::vector<std::string>& names,
                          const std::vector<int64_t>& counts) {
  const std::string svg = render(ConfusionMatrix{"Confusion", names, counts});
  CHECK(malformed(svg) == "");
  CHECK(occurrences(svg, "nan") == 0);
  return svg;
}

// The opacity of the cell with this tooltip (default 1).
double opacity_of(const std::string& svg, const std::string& tooltip) {
  const std::size_t at = svg.find("<title>" + tooltip + "<");
  REQUIRE_MESSAGE(at != std::string::npos, tooltip);
  const std::string tag = svg.substr(svg.rfind("<rect", at), at - svg.rfind("<rect", at));
  const auto found = numbers(tag, R"re(fill-opacity="([^"]*)")re");
  return found.empty() ? 1 : found[0][0];
}

}  // namespace

TEST_CASE("The opacity of a cell is the square root of its share of the row") {
  const std::string svg = render_matrix({"cat", "a < b"}, {75, 25, 0, 4});
  CHECK(opacity_of(svg, "cat: 75 right, 75.0 %") == doctest::Approx(std::sqrt(0.75)).epsilon(1e-3));
  CHECK(opacity_of(svg, "cat classified as a &lt; b: 25, 25.0 %") == doctest::Approx(0.5));
  CHECK(opacity_of(svg, "a &lt; b: 4 right, 100 %") == 1);
  CHECK(occurrences(svg, "<title>") == 3);  // a count of 0 has no cell
  CHECK(occurrences(svg, ">75</text>") == 1);
  CHECK(occurrences(svg, ">75.0 %</text>") == 1);
}

TEST_CASE("A confusion matrix of many classes has no texts in cells and fits on a screen") {
  std::vector<std::string> names;
  for (int i = 0; i < 100; ++i) names.push_back("class " + std::to_string(i));
  std::vector<int64_t> counts(10000, 1);
  counts[0] = 100000;
  const std::string svg = render_matrix(names, counts);
  CHECK(occurrences(svg, "<title>") == 10000);
  CHECK(occurrences(svg, "class 0 classified as class 1: 1, &lt;0.1 %<") == 1);
  CHECK(occurrences(svg, ">100000</text>") == 0);
  const auto size = numbers(svg, R"re(viewBox="0 0 ([0-9.]+) ([0-9.]+)")re");
  CHECK(size[0][0] < 960);
  CHECK(size[0][1] < 960);
  for (const auto& cell : numbers(svg, R"re(<rect class="d." x="([^"]*)" y="([^"]*)")re")) {
    CHECK(cell[0] < size[0][0]);
    CHECK(cell[1] < size[0][1]);
  }
}

TEST_CASE("One class and empty rows are drawn, and invalid counts are refused") {
  CHECK(occurrences(render_matrix({"only"}, {3}), "<title>only: 3 right, 100 %</title>") == 1);
  CHECK(occurrences(render_matrix({"a", "b"}, {0, 0, 0, 0}), "<title>") == 0);
  CHECK_THROWS_WITH(render(ConfusionMatrix{"t", {"a", "b"}, {1, 2, 3}}),
                    "[confusion matrix] 2 classes need 4 counts, got 3");
  CHECK_THROWS_WITH(render(ConfusionMatrix{"t", {"a"}, {-1}}),
                    "[confusion matrix] counts must be 0 or more, got -1");
  CHECK_THROWS_WITH(render(ConfusionMatrix{}), "[confusion matrix] needs at least one class");
}
