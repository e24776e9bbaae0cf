// Table: text, CSV, Markdown and HTML; Estimate.
#include "apps/pictures/table.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>

using namespace gradus;
using namespace gradus::pictures;

namespace {

Table example_table() {
  return {"Scores",
          {"scheme", {"accuracy (%)", 2}, "factor"},
          {{"layer, \"ba\"", Estimate{97.256, 0.312, 3}, 1. / 3},
           {"β|<x>", Estimate{5, NAN, 1}, 1e-12}}};
}

}  // namespace

TEST_CASE("A table as text has aligned columns, with numbers on the right") {
  CHECK(to_text(example_table()) ==
        "scheme       accuracy (%)  factor\n"
        "layer, \"ba\"  97.26 ± 0.31   0.333\n"
        "β|<x>                5.00   1e-12\n");
}

TEST_CASE("CSV has all digits, quotes where necessary, and a column for the spread") {
  CHECK(to_csv(example_table()) ==
        "scheme,accuracy (%),accuracy (%) spread,factor\n"
        "\"layer, \"\"ba\"\"\",97.256,0.312,0.3333333333333333\n"
        "β|<x>,5,,1e-12\n");
  CHECK(to_csv({"", {"a"}, {{"=1+1"}, {"@x"}, {"-x,y"}, {"-1e3"}}}) ==
        "a\n'=1+1\n'@x\n\"'-x,y\"\n-1e3\n");
  CHECK(to_csv({"", {"a\nb"}, {{"\r"}, {"plain"}}}) == "a\\nb\n\\r\nplain\n");
}

TEST_CASE("Markdown and HTML escape markup") {
  CHECK(to_markdown(example_table()) ==
        "| scheme | accuracy (%) | factor |\n"
        "|---|---:|---:|\n"
        "| layer, \"ba\" | 97.26 ± 0.31 | 0.333 |\n"
        "| β\\|\\<x\\> | 5.00 | 1e-12 |\n");
  const std::string html = to_html(example_table());
  CHECK(html.find("<caption>Scores</caption>") != std::string::npos);
  CHECK(html.find("<td>layer, &quot;ba&quot;</td><td class=\"number\">97.26 ± 0.31</td>") !=
        std::string::npos);
  CHECK(html.find("<td>β|&lt;x&gt;</td>") != std::string::npos);
}

TEST_CASE("A row with another number of cells than columns is refused") {
  CHECK_THROWS_WITH(to_text(Table{"T", {"a", "b"}, {{"x"}}}),
                    "[table] each row of 'T' needs 2 cells, got 1");
}

TEST_CASE("An estimate is the mean and standard deviation over runs") {
  const Estimate e = estimate(std::array{1., 2., 6.});
  CHECK(e.mean == 3);
  CHECK(e.spread == doctest::Approx(std::sqrt(7.)));  // (4 + 1 + 9)/2
  CHECK(e.runs == 3);
  CHECK(to_string(e, 1) == "3.0 ± 2.6");
  CHECK(std::isnan(estimate(std::array{4.}).spread));
  CHECK(to_string(estimate(std::array{4.}), 0) == "4");
  CHECK_THROWS_WITH(estimate({}), "[estimate] at least one value is needed");
}

TEST_CASE("One mean is clearly below another where the 95 % interval of the difference says so") {
  const Estimate low{10, 3, 9}, high{13, 4, 16};  // standard error √2, 20.9 degrees of freedom
  CHECK(clearly_below(low, high));
  CHECK_FALSE(clearly_below(high, low));
  CHECK_FALSE(clearly_below(low, {12.8, 4, 16}));
  CHECK_FALSE(clearly_below({1, NAN, 1}, high));
}
