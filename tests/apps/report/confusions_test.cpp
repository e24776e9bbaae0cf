// confusions_test: frequent_confusions, confusion_table.
#include "apps/gradus/report/score_report.hpp"

#include <doctest/doctest.h>

using namespace gradus;

TEST_CASE("The most frequent confusions of a matrix as text") {
  const Tensor matrix = Tensor::from(std::vector<int64_t>{9, 2, 0, 1, 8, 3, 0, 2, 7}, {3, 3});
  const auto confusions = app::frequent_confusions(matrix, 3);
  REQUIRE(confusions.size() == 3);
  CHECK(to_string(confusions[0], {}) == "1 classified as 2: 3 times");
  CHECK(to_string(confusions[1], {}) == "0 classified as 1: 2 times");
  CHECK(to_string(confusions[2], {}) == "2 classified as 1: 2 times");
  CHECK(to_string(app::frequent_confusions(matrix, 9).back(), {}) == "1 classified as 0: once");
}

TEST_CASE("A confusion table becomes a list on a narrow terminal") {
  const Tensor matrix = Tensor::from(std::vector<int64_t>{90, 0, 1, 80}, {2, 2});
  CHECK(app::confusion_table(matrix, {}, 12) ==
        "rows: the class, columns: the prediction\n"
        "       0   1\n"
        "   0  90   ·\n"
        "   1   1  80\n");
  CHECK(app::confusion_table(matrix, {}, 11) ==
        "the most frequent confusions\n"
        "1 classified as 0: once\n");
}
