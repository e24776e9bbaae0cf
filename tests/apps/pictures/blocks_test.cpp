// block_line, block_charts: charts in block characters.
#include "apps/pictures/blocks.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace gradus::pictures;

TEST_CASE("Block heights show the values, positive values are visible, NaN is blank") {
  const std::vector<double> values{0, 0.001, 4, NAN, 8};
  CHECK(block_line(values, 8, 72) == " ▁▄ █");
  CHECK(block_line(values, 8, 3) == " ▄█");
  CHECK(spread_evenly(5, 3) == std::vector<std::size_t>{0, 2, 4});
  CHECK(spread_evenly(2, 3) == std::vector<std::size_t>{0, 1});
  CHECK(spread_evenly(3, 1) == std::vector<std::size_t>{0});
  CHECK(spread_evenly(0, 3).empty());
}

TEST_CASE("Curves in blocks have one scale, names and no trailing spaces") {
  // 16 levels: 1 for the smallest value and 16 for the largest.
  CHECK(block_charts({{"training", {16, 8, 1}}, {"test", {9, NAN, 2}}}, 40, 2) ==
        "16 ┤████           ┤▁▁▁▁\n"
        "1  ┤████████▁▁▁▁   ┤████    ▂▂▂▂\n"
        "    training        test\n");
}

TEST_CASE("Curves in blocks are never wider than the terminal") {
  std::vector<double> values;
  for (int i = 0; i < 500; ++i) values.push_back(i);
  const auto longest_line = [](const std::string& text) {
    std::size_t longest = 0, length = 0;
    for (const char c : text) {
      length = c == '\n' ? 0 : length + ((c & 0xc0) != 0x80);
      longest = std::max(longest, length);
    }
    return longest;
  };
  for (const std::size_t width : {38, 40, 80, 200}) {
    const std::string text = block_charts({{"training loss", values}, {"test", values}}, width);
    CHECK(text != "");
    CHECK(longest_line(text) <= width);
  }
  CHECK(block_charts({{"training loss", values}}, 20) == "");
  CHECK(block_charts({{"a", {NAN}}}, 80) == "");
  CHECK(block_charts({}, 80) == "");
  CHECK(block_charts({{"a", {2, 2}}}, 80, 1) == "2 ┤▁▁▁▁▁▁▁▁\n   a\n");
}
