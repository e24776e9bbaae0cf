// render, diverging_colours, heat_over: sheets of images.
#include "apps/pictures/sheet.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "tests/apps/pictures/svg.hpp"

using namespace gradus;
using namespace gradus::pictures;

namespace {

std::vector<float> colour_of(float value, double limit) {
  const Tensor colours = diverging_colours(Tensor::from(std::vector<float>{value}, {1, 1}), limit);
  CHECK(colours.shape() == Shape{3, 1, 1});
  return colours.to_vector<float>();
}

}  // namespace

TEST_CASE("Tiles are drawn row by row, with their texts below") {
  Sheet sheet{.title = "Tiles",
              .subtitle = "some & more",
              .tile_width = 30,
              .tile_height = 20,
              .columns = 3,
              .tiles = {{.png = "abc", .caption = "4 → 9", .note = "88 %", .tooltip = "first"},
                        {.png = "abc"},
                        {.png = "abc"},
                        {.png = "abc", .caption = "last"}}};
  const std::string svg = render(sheet);
  CHECK(malformed(svg) == "");
  const auto at = numbers(svg, R"re(<image x="([^"]*)" y="([^"]*)")re");
  REQUIRE(at.size() == 4);
  CHECK(at[1][1] == at[0][1]);
  CHECK(at[1][0] >= at[0][0] + 30);
  CHECK(at[3][0] == at[0][0]);
  CHECK(at[3][1] > at[0][1] + 20);
  CHECK(occurrences(svg, "href=\"data:image/png;base64,YWJj\"") == 4);
  CHECK(occurrences(svg, ">4 → 9</text>") == 1);
  CHECK(occurrences(svg, "<title>first</title>") == 1);
  CHECK(occurrences(svg, ">some &amp; more<") == 1);
  const auto size = numbers(svg, R"re(viewBox="0 0 ([0-9.]+) ([0-9.]+)")re")[0];
  const auto captions = numbers(svg, R"re(<text class="name" x="([^"]*)" y="([^"]*)")re");
  REQUIRE(captions.size() == 4);
  CHECK(captions[3][1] < size[1]);
  CHECK(captions[0][1] < at[3][1]);

  sheet.tiles = {};
  CHECK(malformed(render(sheet)) == "");
  sheet.columns = 0;
  CHECK_THROWS_WITH(render(sheet), "[sheet] needs at least one column");
  sheet.columns = 1;
  sheet.tile_width = 0;
  CHECK_THROWS_WITH(render(sheet), "[sheet] the size of tiles must be positive, got 0×20");
}

// ColorBrewer's RdBu: #2166ac, #f7f7f7, #b2182b.
TEST_CASE("Diverging colours go from blue over white to red, and are grey for NaN") {
  const auto near = [](const std::vector<float>& colour, int red, int green, int blue) {
    const int expected[] = {red, green, blue};
    for (std::size_t i = 0; i < 3; ++i)
      CHECK(colour[i] * 255 == doctest::Approx(expected[i]).epsilon(0.05));
  };
  near(colour_of(-2, 2), 0x21, 0x66, 0xac);
  near(colour_of(0, 2), 0xf7, 0xf7, 0xf7);
  near(colour_of(2, 2), 0xb2, 0x18, 0x2b);
  CHECK(colour_of(5, 2) == colour_of(2, 2));
  CHECK(colour_of(NAN, 2) == std::vector<float>{0.5f, 0.5f, 0.5f});
  CHECK(colour_of(0, 0) == colour_of(0, 2));
  CHECK_THROWS_WITH(diverging_colours(Tensor::zeros({3}), 1),
                    "[diverging_colours] needs values (H, W), got (3)");
  CHECK(diverging_bar(0.125).high == "0.12");
}

TEST_CASE("Heat covers a faded image from yellow to red") {
  const Tensor image = Tensor::from<float>({0, 1, 0, 1}, {1, 1, 4});
  const Tensor heat = Tensor::from<float>({0, 0, 2, 9}, {1, 4});
  const Tensor colours = heat_over(image, heat, 2);
  CHECK(colours.shape() == Shape{3, 1, 4});
  const float* red = colours.data<float>();
  // Without heat it is grey, darker than white and lighter than black.
  for (const int i : {0, 1}) {
    CHECK(red[i] == red[4 + i]);
    CHECK(red[i] == red[8 + i]);
  }
  CHECK(red[0] == doctest::Approx(0.12));
  CHECK(red[1] == doctest::Approx(0.75));
  // From the limit on it is nine tenths red, whatever is below.
  for (const int i : {2, 3}) {
    CHECK(red[i] > 0.75);
    CHECK(red[4 + i] < 0.15);
    CHECK(red[8 + i] < 0.2);
  }
  // Half of it is orange.
  const Tensor half = heat_over(image, heat, 4);
  CHECK(half.data<float>()[2] > half.data<float>()[6]);
  CHECK(half.data<float>()[6] > half.data<float>()[10]);
  CHECK(half.data<float>()[6] > red[6]);
  // Colours fade to their luma.
  const Tensor coloured =
      heat_over(Tensor::from<float>({1, 0, 0}, {3, 1, 1}), Tensor::zeros({1, 1}), 1);
  CHECK(coloured.data<float>()[1] == doctest::Approx(0.12 + 0.63 * 0.299));
  CHECK(heat_over(image, heat, 0).to_vector<float>() ==
        heat_over(image, Tensor::zeros({1, 4}), 1).to_vector<float>());
  CHECK_THROWS_WITH(heat_over(image, Tensor::zeros({4}), 1),
                    "[heat_over] needs an image (C, H, W) of 1 or 3 channels and heat (H, W), got "
                    "(1, 1, 4) and (4)");
  CHECK(heat_bar("nothing", "most").low == "nothing");
  CHECK(heat_bar("nothing", "most").high == "most");
}
