// Charts with a ground, values from tensors, sheets from tensors, and save().
#include "apps/pictures/plot.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/ops/creation.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/masks.hpp"
#include "core/ops/reduce.hpp"
#include "data/files/image.hpp"
#include "tests/apps/pictures/svg.hpp"
#include "tests/apps/program.hpp"

using namespace gradus;
using namespace gradus::pictures;

namespace {

std::vector<float> colour_at(const Tensor& image, int64_t row, int64_t column) {
  const Tensor pixel = image(Slice{}, row, column);
  return pixel.to_vector<float>();
}

}  // namespace

TEST_CASE("A series takes vectors and tensors of any type") {
  Chart chart{"title", "x", "y"};
  chart.line("vector", {1, 2, 4}).line("floats", std::vector<float>{1, 2, 4});
  chart.dots("tensor", arange(0, 3, 1, DType::i64), Tensor::from({1.f, 2.f, 4.f}));
  REQUIRE(chart.series.size() == 3);
  for (const Series& series : chart.series) {
    CAPTURE(series.name);
    CHECK(series.x == std::vector<double>{0, 1, 2});
    CHECK(series.y == std::vector<double>{1, 2, 4});
  }
  CHECK(chart.series[2].mark == Mark::dots);
  CHECK_THROWS_WITH(chart.line("matrix", Tensor::zeros({2, 3})),
                    "[chart] the numbers of a series must have rank 1, got (2, 3)");
}

TEST_CASE("A heat map fills its part of the axes below the series, and has a legend") {
  Chart chart{"title", "x", "y"};
  chart.heat_map(Tensor::from({{0.f, 1.f}, {2.f, 4.f}}), {-1, 1}, {-2, 2});
  chart.dots("corner", {-1, 1}, {-2, 2});
  const std::string svg = render(chart);
  CHECK(malformed(svg) == "");
  const auto image = numbers(
      svg, R"re(<image class="smooth" x="([^"]*)" y="([^"]*)" width="([^"]*)" height="([^"]*)")re");
  const auto dots = numbers(svg, R"re(<circle[^>]* cx="([^"]*)" cy="([^"]*)")re");
  REQUIRE(image.size() == 1);
  REQUIRE(dots.size() == 2);
  CHECK(dots[0][0] == doctest::Approx(image[0][0]));
  CHECK(dots[0][1] == doctest::Approx(image[0][1] + image[0][3]));
  CHECK(dots[1][0] == doctest::Approx(image[0][0] + image[0][2]));
  CHECK(dots[1][1] == doctest::Approx(image[0][1]));
  CHECK(svg.find("<image") < svg.find("<circle"));
  CHECK(occurrences(svg, ">0</text>") >= 1);
  CHECK(occurrences(svg, ">4</text>") == 1);
  const ColourBar bar = sequential_bar(1e-7, 0.9999);
  CHECK(bar.low == "0");
  CHECK(bar.high == "1");
  CHECK_THROWS_WITH(chart.heat_map(Tensor::zeros({3}), {0, 1}, {0, 1}),
                    "[heat_map] needs values (H, W), got (3)");
  CHECK_THROWS_WITH(chart.heat_map(Tensor::zeros({0, 3}), {0, 1}, {0, 1}),
                    "[heat_map] needs values (H, W), got (0, 3)");
  const float nan = std::nanf("");
  CHECK(malformed(render(chart.heat_map(Tensor::from({{nan, nan}}), {0, 1}, {0, 1}))) == "");
}

TEST_CASE("Sequential colours go from light to dark, in levels if wanted, and NaN is grey") {
  const Tensor values = Tensor::from({{0.f, 0.2f, 0.4f, 0.6f, 0.8f, 1.f, std::nanf("")}});
  const Tensor smooth = sequential_colours(values, 0, 1);
  for (int64_t i = 1; i < 6; ++i)
    for (std::size_t c = 0; c < 3; ++c)
      CHECK(colour_at(smooth, 0, i)[c] < colour_at(smooth, 0, i - 1)[c]);
  CHECK(colour_at(smooth, 0, 6) == std::vector<float>{0.5f, 0.5f, 0.5f});
  const Tensor two = sequential_colours(values, 0, 1, 2);
  for (const int64_t i : {0, 1, 2}) CHECK(colour_at(two, 0, i) == colour_at(smooth, 0, 0));
  for (const int64_t i : {3, 4, 5}) CHECK(colour_at(two, 0, i) == colour_at(smooth, 0, 5));
  CHECK(colour_at(sequential_colours(values, 2, 2), 0, 3) == colour_at(smooth, 0, 0));
  CHECK(colour_at(sequential_colours(values, 0, 1, 1), 0, 5) == colour_at(smooth, 0, 0));
}

TEST_CASE("A sheet takes tensors") {
  Sheet sheet{.title = "filters"};
  sheet.add(Tensor::zeros({3, 4, 4}), "colours").add_values(Tensor::zeros({4, 4}), 2, "values");
  const std::string svg = render(sheet);
  CHECK(malformed(svg) == "");
  CHECK(occurrences(svg, "<image") == 3);
  CHECK(occurrences(svg, ">colours<") == 1);
  CHECK(occurrences(svg, ">-2<") == 1);
}

TEST_CASE("save() writes SVG and PNG, by the ending of the path") {
  const TemporaryFolder folder;
  Chart chart{"title", "x", "y"};
  chart.line("squares", {0, 1, 4, 9});
  save(folder.path("a.svg"), chart);
  CHECK(read_text(folder.path("a.svg")) == render(chart));
  save(folder.path("b.svg"), std::vector<Chart>{chart, chart});
  CHECK(occurrences(read_text(folder.path("b.svg")), "<polyline") >= 4);
  save(folder.path("c.svg"), ConfusionMatrix{"errors", {"a", "b"}, {3, 1, 0, 4}});
  save(folder.path("d.svg"), Sheet{.title = "none"});
  CHECK(malformed(read_text(folder.path("c.svg"))) == "");
  CHECK(malformed(read_text(folder.path("d.svg"))) == "");
  CHECK_THROWS_WITH(
      save(folder.path("a.jpg"), chart),
      ("[save] pictures end in .svg or .png, got '" + folder.path("a.jpg") + "'").c_str());
#ifdef GRADUS_RSVG
  save(folder.path("a.png"), chart);
  const Tensor image = data::read_image(folder.path("a.png"));
  const auto size = numbers(render(chart), R"re(<svg [^>]* width="([^"]*)" height="([^"]*)")re");
  CHECK(image.shape() ==
        Shape{3, static_cast<int64_t>(2 * size[0][1]), static_cast<int64_t>(2 * size[0][0])});
  // The colour of the line, #1f6feb.
  const Tensor blue =
      (image[0] * 255 - 0x1f).abs() + (image[1] * 255 - 0x6f).abs() + (image[2] * 255 - 0xeb).abs();
  CHECK((blue < 1).sum().item() > 500);
#else
  CHECK_THROWS_WITH(save(folder.path("a.png"), chart),
                    "[save] charts as PNG need librsvg: install librsvg2-dev and build Gradus "
                    "again, or write .svg");
#endif
  CHECK_FALSE(std::filesystem::exists(folder.path("a.jpg")));
}
