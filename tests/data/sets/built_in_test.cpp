#include "data/sets/built_in.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace gradus;
using namespace gradus::data;

namespace {

// The sums of the columns and the sum of all squares.
struct ColumnSums {
  std::vector<double> columns;
  double squares;
};

ColumnSums column_sums_of(const DataTable& table) {
  const std::size_t width = table.features.size();
  ColumnSums sums{std::vector<double>(width), 0};
  for (std::size_t i = 0; i < table.values.size(); ++i) {
    const double value = table.values[i];
    sums.columns[i % width] += value;
    sums.squares += value * value;
  }
  return sums;
}

std::vector<int64_t> counts_of_classes(const std::vector<Dataset>& parts) {
  std::vector<int64_t> counts(static_cast<std::size_t>(parts[0].classes()));
  for (const Dataset& part : parts)
    for (const int64_t label : part.labels().to_vector<int64_t>())
      ++counts[static_cast<std::size_t>(label)];
  return counts;
}

using ClassNames = std::vector<std::string>;
using ClassCounts = std::vector<int64_t>;

}  // namespace

TEST_CASE("iris has 120 and 30 samples of three species") {
  const auto [train, test] = iris();
  CHECK(train.size() == 120);
  CHECK(test.size() == 30);
  CHECK(train.sample_shape() == Shape{4});
  CHECK(train.target_names() == ClassNames{"setosa", "versicolor", "virginica"});
  CHECK(counts_of_classes({train, test}) == ClassCounts{50, 50, 50});
  CHECK(counts_of_classes({test}) == ClassCounts{10, 10, 10});
  CHECK(train.normalization() == train.statistics());
  CHECK(test.normalization() == train.statistics());
}

TEST_CASE("wine, breast-cancer and digits have the classes of their sources") {
  const auto [train, test] = wine();
  CHECK(train.size() == 142);
  CHECK(test.size() == 36);
  CHECK(train.sample_shape() == Shape{13});
  CHECK(train.target_names() == ClassNames{"class_0", "class_1", "class_2"});
  CHECK(counts_of_classes({train, test}) == ClassCounts{59, 71, 48});
  CHECK(counts_of_classes({test}) == ClassCounts{12, 14, 10});

  const Split tumours = breast_cancer();
  CHECK(tumours.train.size() == 455);
  CHECK(tumours.test.size() == 114);
  CHECK(tumours.train.sample_shape() == Shape{30});
  CHECK(tumours.train.target_names() == ClassNames{"benign", "malignant"});
  CHECK(counts_of_classes({tumours.train, tumours.test}) == ClassCounts{357, 212});
  CHECK(counts_of_classes({tumours.test}) == ClassCounts{72, 42});
}

TEST_CASE("diabetes has numbers as targets, scaled by the training part") {
  const auto [train, test] = diabetes();
  CHECK(train.size() == 353);
  CHECK(test.size() == 89);
  CHECK(train.sample_shape() == Shape{10});
  CHECK(train.target_kind() == TargetKind::numbers);
  CHECK(train.target_names() == ClassNames{"progression"});
  CHECK(train.normalization() == train.statistics());
  CHECK(train.target_scale().mean == train.target_statistics().mean);
  double sum = 0;
  for (const Dataset& part : {train, test})
    for (const float y : part.targets().to_vector<float>()) sum += y;
  CHECK(sum == 67243);
}

TEST_CASE("built-in tables have the values of scikit-learn") {
  const auto check = [](const char* name, std::vector<double> columns, double squares) {
    CAPTURE(name);
    const ColumnSums sums = column_sums_of(built_in_table(name));
    for (std::size_t i = 0; i < columns.size(); ++i)
      CHECK(sums.columns[i] == doctest::Approx(columns[i]).epsilon(1e-7));
    CHECK(sums.squares == doctest::Approx(squares).epsilon(1e-7));
  };
  check("iris", {876.5, 458.6, 563.7, 179.9}, 9539.29);
  check("wine",
        {2314.11, 415.87, 421.24, 3470.1, 17754, 408.53, 361.21, 64.41, 283.18, 900.339999, 170.426,
         464.88, 132947},
        118768104.78031619);
  check("breast-cancer", {8038.429, 10975.81, 52330.38, 372631.9, 54.829, 59.37002},
        955069324.085005);
  check("diabetes",
        {21445, 649, 11658.1, 41833.98, 83600, 51024.1, 22006.5, 1799.05, 2051.5036, 40337},
        33042240.401514962);
}

TEST_CASE("built-in tables have the names of their columns") {
  const DataTable table = built_in_table("breast-cancer");
  CHECK(table.rows == 569);
  CHECK(table.features.size() == 30);
  CHECK(table.feature(0).name == "mean radius");
  CHECK(table.feature(29).name == "worst fractal dimension");
  CHECK(table.columns[30].name == "diagnosis");
  CHECK(built_in_table("iris").feature(2).name == "petal length (cm)");
  CHECK(built_in_table("diabetes").feature(2).name == "bmi");
  CHECK(built_in_table("digits").features.size() == 64);
  CHECK_THROWS_WITH_AS(built_in_table("tulips"), "[built_in_table] there is no table 'tulips'",
                       std::invalid_argument);
}

TEST_CASE("the split of built-in tables never changes") {
  const auto first = [](const Split& split) {
    const std::vector<int64_t>& indices = split.test.indices();
    return std::vector<int64_t>(indices.begin(), indices.begin() + 5);
  };
  CHECK(first(iris()) == ClassCounts{9, 11, 14, 15, 16});
  CHECK(first(diabetes()) == ClassCounts{3, 10, 13, 15, 17});
}
