// render: line charts.
#include "apps/pictures/chart.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/ops/creation.hpp"
#include "tests/apps/pictures/svg.hpp"

using namespace gradus;
using namespace gradus::pictures;

namespace {

std::vector<std::vector<double>> points(const std::string& svg) {
  return numbers(svg, R"re(<circle[^>]* cx="([^"]*)" cy="([^"]*)")re");
}

// The position of `value` on the axes: the label of a tick is 4 px below it, or in its column.
double height_of(const std::string& svg, double value) {
  for (const auto& tick : numbers(svg, R"re(<text class="y"[^>]* y="([^"]*)"[^>]*>([^<]*)<)re"))
    if (tick[1] == value) return tick[0] - 4;
  return NAN;
}
double column_of(const std::string& svg, double value) {
  for (const auto& tick : numbers(svg, R"re(<text class="x" x="([^"]*)"[^>]*>([^<]*)<)re"))
    if (tick[1] == value) return tick[0];
  return NAN;
}

std::string render_one(const std::vector<Series>& series) {
  const std::string svg = render({{"title", "epoch", "loss", series}});
  CHECK(malformed(svg) == "");
  CHECK(occurrences(svg, "nan") == 0);
  CHECK(occurrences(svg, "inf") == 0);
  return svg;
}

}  // namespace

TEST_CASE("Points have the positions of their values on the axes") {
  const std::string svg = render_one({{"train", {1, 2, 3, 4}, {0.5, 2, 1, 1.5}}});
  const auto at = points(svg);
  REQUIRE(at.size() == 4);
  const double xs[] = {1, 2, 3, 4}, ys[] = {0.5, 2, 1, 1.5};
  for (int i = 0; i < 4; ++i) {
    CHECK(at[i][0] == doctest::Approx(column_of(svg, xs[i])));
    CHECK(at[i][1] == doctest::Approx(height_of(svg, ys[i])));
  }
  CHECK(at[1][1] < at[0][1]);
  CHECK(at[1][0] > at[0][0]);
  CHECK(occurrences(svg, "<title>train: 2, 2</title>") == 1);
}

TEST_CASE("Ticks are round numbers with as many digits as necessary") {
  const auto labels = [](double from, double to) {
    const std::string svg = render_one({{"s", {0, 1}, {from, to}}});
    std::string result;
    const std::regex tick(R"re(<text class="y"[^>]*>([^<]*)<)re");
    for (std::sregex_iterator it(svg.begin(), svg.end(), tick), end; it != end; ++it)
      result += (*it)[1].str() + " ";
    return result;
  };
  CHECK(labels(0.02, 2.3) == "0 0.5 1.0 1.5 2.0 2.5 ");
  CHECK(labels(0.911, 0.987) == "0.90 0.92 0.94 0.96 0.98 1.00 ");
  CHECK(labels(91, 99) == "90 92 94 96 98 100 ");
  CHECK(labels(-3, 3) == "-4 -2 0 2 4 ");
  CHECK(labels(0, 60000) == "0 20k 40k 60k ");
  CHECK(labels(0, 3e6) == "0 1M 2M 3M ");
  CHECK(labels(0, 4e-6) == "0 1e-06 2e-06 3e-06 4e-06 ");
}

TEST_CASE("A gap interrupts the line, and a point between gaps is marked") {
  std::vector<double> x, y;
  for (int i = 0; i < 100; ++i) {
    x.push_back(i);
    y.push_back(i == 20 || i == 22 ? NAN : i == 60 ? INFINITY : i);
  }
  const std::string svg = render_one({{"train", x, y}});
  // Three lines and that of the legend; with so many points only the single one is marked.
  CHECK(occurrences(svg, "<polyline") == 4);
  const auto marked = points(svg);
  REQUIRE(marked.size() == 1);
  CHECK(marked[0][0] > column_of(svg, 20));
  CHECK(marked[0][0] < column_of(svg, 40));
}

TEST_CASE("One point, equal values, no points and extreme values are drawn") {
  std::string svg = render_one({{"s", {3}, {0.25}}});
  CHECK(points(svg).size() == 1);
  CHECK(points(svg)[0][0] == doctest::Approx(column_of(svg, 3)));
  CHECK(points(render_one({{"s", {1, 2}, {0, 0}}})).size() == 2);
  CHECK(points(render_one({{"s", {1, 2}, {0.1, 0.1 + 1e-17}}})).size() == 2);
  CHECK(points(render_one({{"s", {1, 2}, {-1e299, 1e299}}})).size() == 2);
  CHECK(points(render_one({{"s", {1, 2}, {0, 1e-320}}})).size() == 2);
  CHECK(points(render_one({{"s", {1, 2}, {1e15, 1e15 + 1}}})).size() == 2);
  for (const Series& series : {Series{"s", {}, {}}, Series{"s", {1}, {NAN}}}) {
    svg = render_one({series});
    CHECK(occurrences(svg, ">no data<") == 1);
    CHECK(points(svg).empty());
  }
  CHECK(occurrences(render_one({}), ">no data<") == 1);
  CHECK(malformed(render(std::vector<Chart>{})) == "");
}

TEST_CASE("Texts are escaped and cut") {
  const std::string svg = render({{"a < b & \"c\" \x01\xff",
                                   "é",
                                   std::string(500, 'x'),
                                   {{std::string(500, '&'), {1}, {1}}}}});
  CHECK(malformed(svg) == "");
  CHECK(occurrences(svg, "a &lt; b &amp; &quot;c&quot; \\x01\\xff<") == 1);
  CHECK(occurrences(svg, ">é<") == 1);
  CHECK(occurrences(svg, "xx…<") == 1);
  CHECK(occurrences(svg, "&amp;…<") == 1);
  CHECK(occurrences(svg, "&amp;…: 1, 1<") == 1);
  CHECK(svg.size() < 6000);
}

TEST_CASE("A long name takes several lines in the legend, and isn't cut") {
  const std::string words = "weight, weight-std, weight-centered, weight-whiten, spectral, cosine";
  const Series longer{words, {0, 1}, {0, 1}}, next{"none", {0, 1}, {1, 0}};
  const std::string svg = render_one({longer, next});
  CHECK(occurrences(svg, ">weight, weight-std, weight-centered, weight-whiten, spectral,<") == 1);
  CHECK(occurrences(svg, ">cosine<") == 1);
  CHECK(occurrences(svg, "…</text>") == 0);
  std::vector<double> lines;
  for (const auto& name : numbers(svg, R"re(<text class="name" x="[^"]*" y="([^"]*)")re"))
    lines.push_back(name[0]);
  CHECK(lines == std::vector<double>{58, 78, 98});
  for (const auto& point : points(svg)) CHECK(point[1] > 98 + 20);
}

TEST_CASE("With many series the legend has several lines above the plot") {
  std::vector<Series> series;
  for (int i = 0; i < 12; ++i)
    series.push_back({"a rather long name " + std::to_string(i), {0, 1}, {0, i + 1.}});
  const std::string svg = render_one(series);
  double lowest = 0;
  for (const auto& name : numbers(svg, R"re(<text class="name" x="([^"]*)" y="([^"]*)")re")) {
    CHECK(name[0] < 460);
    lowest = std::max(lowest, name[1]);
  }
  for (const auto& point : points(svg)) CHECK(point[1] > lowest + 20);
  CHECK(occurrences(svg, "stroke-dasharray") == 12);
}

TEST_CASE("Thin and faint lines have no marks, and a series can choose its colour") {
  const std::string svg = render_one({{"a", {0, 1, 2}, {1, 2, 3}, Mark::faint, 5},
                                      {"b", {0, 1, 2}, {3, 2, 1}, Mark::thin},
                                      {"c", {0, 1, 2}, {1, 1, 1}}});
  CHECK(occurrences(svg, "<polyline class=\"line faint s5\" points") == 2);  // also in the legend
  CHECK(occurrences(svg, "<polyline class=\"line thin s1\" points") == 2);
  CHECK(occurrences(svg, "<polyline class=\"line s2\" points") == 2);
  CHECK(points(svg).size() == 3);
}

TEST_CASE("Few dots are as large as the marks of a line, many are small and translucent") {
  for (const std::size_t count : {4, 400}) {
    CAPTURE(count);
    const std::string svg = render(
        Chart{"t", "x", "y"}.dots("d", arange(0, count, 1), Tensor::zeros({int64_t(count)})));
    CHECK(occurrences(svg, "<circle") == count);
    CHECK(occurrences(svg, "r=\"3.5\"") == (count == 4 ? count : 0));
    CHECK(occurrences(svg, "fill-opacity") == (count == 4 ? 0 : count));
  }
}

TEST_CASE("Bars begin at 0 and fill the axis") {
  const std::string svg = render_one({{"s", {0.25, 0.75, 1.25}, {2, 0, 4}, Mark::bars}});
  const auto bars = numbers(
      svg, R"re(<rect class="d0" x="([^"]*)" y="([^"]*)" width="([^"]*)" height="([^"]*)")re");
  REQUIRE(bars.size() == 2);  // none for 0
  CHECK(bars[0][0] == doctest::Approx(column_of(svg, 0) + 0.5));
  CHECK(bars[0][0] + bars[0][2] == doctest::Approx(column_of(svg, 0.5) - 0.5).epsilon(1e-3));
  CHECK(bars[0][1] == doctest::Approx(height_of(svg, 2)));
  CHECK(bars[0][1] + bars[0][3] == doctest::Approx(height_of(svg, 0)).epsilon(1e-3));
  CHECK(bars[1][1] == doctest::Approx(height_of(svg, 4)));
  CHECK(occurrences(svg, "<title>s: 1.25, 4</title>") == 1);
}

TEST_CASE("A chart can be higher and show more than its points") {
  const Chart chart{.title = "t",
                    .x_label = "x",
                    .y_label = "y",
                    .series = {{"s", {0.5, 0.6}, {0.5, 0.5}}},
                    .x_range = {0, 1, false},
                    .y_range = {0, 1, false},
                    .plot_height = 396};
  const std::string svg = render({chart});
  CHECK(column_of(svg, 1) - column_of(svg, 0) == doctest::Approx(396));
  CHECK(height_of(svg, 0) - height_of(svg, 1) == doctest::Approx(396));
}

TEST_CASE("A series with different numbers of x and y is refused") {
  CHECK_THROWS_WITH(render({{"t", "", "", {{"train", {1, 2}, {1}}}}}),
                    "[chart] the numbers of x and y of series 'train' must be equal, got 2 and 1");
}

TEST_CASE("A logarithmic axis has ticks at powers of ten and no place for zero") {
  const Series series{"s", {0.01, 1, 100, 10}, {1e3, 10, 0.1, 0}};
  const std::string svg = render({Chart{"t", "", "", {series}, log_log}});
  CHECK(malformed(svg) == "");
  const auto at = points(svg);
  REQUIRE(at.size() == 3);
  for (int i = 0; i < 3; ++i) {
    CHECK(at[i][0] == doctest::Approx(column_of(svg, series.x[i])));
    CHECK(at[i][1] == doctest::Approx(height_of(svg, series.y[i])));
  }
  CHECK(at[1][0] == doctest::Approx((at[0][0] + at[2][0]) / 2));
  CHECK(at[1][1] == doctest::Approx((at[0][1] + at[2][1]) / 2));

  const Series ones{"s", {1, 2}, {1 - 1e-15, 1 + 1e-15}};
  const std::string flat = render({Chart{"t", "", "", {ones}, log_y}});
  REQUIRE(points(flat).size() == 2);
  for (const auto& point : points(flat)) CHECK(point[1] == doctest::Approx(height_of(flat, 1)));
}

TEST_CASE("Rows of charts are drawn one below the other, as wide as the longest") {
  const Chart chart{"t", "", "", {{"s", {1}, {1}}}};
  const std::string one = render({chart, chart});
  const std::string rows = render_rows({{chart, chart}, {chart}});
  CHECK(malformed(rows) == "");
  const char* size = R"re(viewBox="0 0 ([0-9.]+) ([0-9.]+)")re";
  CHECK(numbers(rows, size)[0][0] == numbers(one, size)[0][0]);
  CHECK(numbers(rows, size)[0][1] == 2 * numbers(one, size)[0][1]);
  const auto at = points(rows);
  REQUIRE(at.size() == 3);
  CHECK(at[1][1] == at[0][1]);
  CHECK(at[2][0] == at[0][0]);
  CHECK(at[2][1] == doctest::Approx(at[0][1] + numbers(one, size)[0][1]));
}
