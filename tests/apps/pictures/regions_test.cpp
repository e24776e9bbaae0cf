// render: regions of classes; region_colours.
#include "apps/pictures/regions.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "tests/apps/pictures/svg.hpp"

using namespace gradus;
using namespace gradus::pictures;

TEST_CASE("A region has the colour of its class, white where classes are equally probable") {
  const Tensor colours =
      region_colours(Tensor::from(std::vector<float>{1, 0, 0, 1, 0.5F, 0.5F, NAN, NAN}, {2, 2, 2}));
  CHECK(colours.shape() == Shape{3, 2, 2});
  const auto rgb = colours.to_vector<float>();
  const float full = 0.55F;
  for (std::size_t c = 0; c < 3; ++c) {
    const float first[] = {0x1f, 0x6f, 0xeb}, second[] = {0xe3, 0x62, 0x09};
    CHECK(rgb[4 * c] == doctest::Approx(1 - full * (1 - first[c] / 255)));
    CHECK(rgb[4 * c + 1] == doctest::Approx(1 - full * (1 - second[c] / 255)));
    CHECK(rgb[4 * c + 2] == 1);
    CHECK(rgb[4 * c + 3] == 1);
  }
  CHECK(region_colours(Tensor::ones({1, 1, 1})).to_vector<float>()[0] < 0.6F);
  CHECK_THROWS_WITH(region_colours(Tensor::ones({2, 2})),
                    "[region_colours] needs probabilities (H, W, classes), got (2, 2)");
}

TEST_CASE("Panels are drawn in rows of three, with the points at their places") {
  Regions regions{.title = "a < b",
                  .x_label = "width",
                  .y_label = "height",
                  .classes = 8,
                  .x = {0, 10, false},
                  .y = {-1, 1, false},
                  .panels = {{"first", "png"}, {"2", ""}, {"3", ""}, {"4", ""}},
                  .points = {{0, -1, 0}, {10, 1, 7}}};
  const std::string svg = render(regions);
  CHECK(malformed(svg) == "");
  CHECK(occurrences(svg, "<image class=\"smooth\"") == 4);
  CHECK(occurrences(svg, ">width<") == 4);
  CHECK(occurrences(svg, ">class 0<") == 1);
  // Four titles, six classes, and an ellipsis: class 6 has the colour of class 0.
  CHECK(occurrences(svg, "<text class=\"name\"") == 11);
  const auto images = numbers(svg, R"re(<image class="smooth" x="([^"]*)" y="([^"]*)")re");
  CHECK(images[3][0] == images[0][0]);
  CHECK(images[3][1] > images[0][1]);
  // The points at the lower left and upper right corner of the first panel.
  const auto dots =
      numbers(svg, R"re(stroke="#1f6feb" stroke-width="3.4"[^>]*d="M([0-9.]+) ([0-9.]+)h0")re");
  REQUIRE(dots.size() == 1);
  CHECK(dots[0][0] == images[0][0]);
  CHECK(dots[0][1] == images[0][1] + 230);
  const auto others =
      numbers(svg, R"re(stroke="#e36209" stroke-width="3.4"[^>]*d="M([0-9.]+) ([0-9.]+)h0")re");
  REQUIRE(others.size() == 1);
  CHECK(others[0][0] == images[0][0] + 230);
  CHECK(others[0][1] == images[0][1]);
  const auto uses = numbers(svg, R"re(<use href="#region-points" x="([^"]*)" y="([^"]*)")re");
  REQUIRE(uses.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(uses[i][0] == images[i + 1][0] - images[0][0]);
    CHECK(uses[i][1] == images[i + 1][1] - images[0][1]);
  }
  // The palette is that of the style sheet.
  for (const char* colour : {"#1f6feb", "#e36209"})
    CHECK(occurrences(svg, std::string("{fill:") + colour + "}") == 1);

  regions.x.high = 0;
  CHECK_THROWS_WITH(render(regions), "[regions] axes need low < high, got 0 and 0");
  regions.panels.clear();
  CHECK(malformed(render(regions)) == "");
}
