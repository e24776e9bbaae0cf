// explain.
#include "train/columns/row_explanation.hpp"

#include <doctest/doctest.h>

#include "core/ops/activation.hpp"
#include "core/ops/shape.hpp"
#include "data/metrics.hpp"
#include "layers/activation.hpp"
#include "layers/dense.hpp"
#include "layers/dropout.hpp"
#include "layers/sequential.hpp"

using namespace gradus;
using train::FeatureRange;

namespace {

// Two samples of a number with an indicator, a category of three texts, and a number.
Tensor two_rows() {
  return Tensor::from<float>({4, 0, 0, 1, 0, 7, 2, 1, 0, 0, 1, -3}, {2, 6});
}
const std::vector<FeatureRange> three_columns{{0, 2}, {2, 5}, {5, 6}};
const std::vector<float> missing_cells{2, 1, 0, 0, 1, 5};
const data::Normalization scale_of_rows{{2, 0, 0, 0, 0, 1}, {4, 1, 1, 1, 1, 2}};

layers::Sequential network_of_rows(int64_t outputs) {
  Rng rng(5);
  return layers::Sequential{layers::Dense(6, 8, rng), layers::ReLU(), layers::Dropout(0.5, rng),
                            layers::Dense(8, outputs, rng)};
}

// The rows with the features of a column replaced.
Tensor without_column(const FeatureRange& column) {
  Tensor rows = two_rows();
  for (int64_t i = 0; i < 2; ++i)
    for (int64_t k = column.first; k < column.second; ++k)
      rows.mutable_data<float>()[6 * i + k] = missing_cells[static_cast<std::size_t>(k)];
  return rows;
}

}  // namespace

TEST_CASE("Explanations of numbers are differences to the prediction without the cell") {
  Rng rng(1);
  layers::Dense dense(6, 2, rng, {.bias = false});
  dense.weight =
      layers::Parameter(Tensor::from<float>({1, 2, 3, 4, 5, 6, 0, 0, 0, 10, 20, 0}, {2, 6}));
  layers::Sequential model{dense};
  const Tensor result = train::explain(model, two_rows(), three_columns, missing_cells,
                                       {.kind = data::TargetKind::numbers});
  CHECK(result.dtype() == DType::f64);
  CHECK(result.shape() == Shape{2, 3, 2});
  // The first row: 4 − 2 and the indicator's −2; text 4 − 5 and 10 − 20; 6·(7 − 5). The second has
  // no number, and the text that stands for missing cells.
  CHECK(result.to_vector<double>() ==
        std::vector<double>{0, 0, -1, -10, 12, 0, 0, 0, 0, 0, -48, 0});
  const Tensor scaled =
      train::explain(model, two_rows(), three_columns, missing_cells,
                     {.kind = data::TargetKind::numbers, .scale = {{100, 100}, {2, 3}}});
  CHECK(scaled.to_vector<double>() ==
        std::vector<double>{0, 0, -2, -30, 24, 0, 0, 0, 0, 0, -96, 0});
}

TEST_CASE("Explanations of classes are of the probability of the predicted class") {
  layers::Sequential model = network_of_rows(3);
  const Tensor result = train::explain(model, two_rows(), three_columns, missing_cells,
                                       {.normalization = scale_of_rows});
  CHECK(result.shape() == Shape{2, 3, 1});
  CHECK(model.is_training());
  const auto scope = model.evaluation_scope();
  const auto probabilities = [&](const Tensor& rows) {
    return data::probabilities(model(scale_of_rows(rows)));
  };
  const Tensor whole = probabilities(two_rows());
  const Tensor classes = data::predictions(whole);
  for (int64_t column = 0; column < 3; ++column) {
    const Tensor without =
        probabilities(without_column(three_columns[static_cast<std::size_t>(column)]));
    for (int64_t i = 0; i < 2; ++i) {
      const int64_t at = 3 * i + classes.data<int64_t>()[i];
      CHECK(result.data<double>()[3 * i + column] ==
            whole.data<double>()[at] - without.data<double>()[at]);
    }
  }
  CHECK(result.data<double>()[0] != 0);
  CHECK(result.data<double>()[4] == 0);  // the cell is missing
}

TEST_CASE("Explanations of labels are of the probability of each label") {
  layers::Sequential model = network_of_rows(2);
  const Tensor result = train::explain(model, two_rows(), three_columns, missing_cells,
                                       {.kind = data::TargetKind::labels});
  CHECK(result.shape() == Shape{2, 3, 2});
  const auto scope = model.evaluation_scope();
  for (int64_t column = 0; column < 3; ++column) {
    const auto probabilities = [&](const Tensor& rows) {
      return sigmoid(cast(model(rows), DType::f64)).to_vector<double>();
    };
    const auto whole = probabilities(two_rows());
    const auto without =
        probabilities(without_column(three_columns[static_cast<std::size_t>(column)]));
    for (std::size_t i = 0; i < 2; ++i)
      for (std::size_t label = 0; label < 2; ++label)
        CHECK(result.data<double>()[6 * i + 2 * static_cast<std::size_t>(column) + label] ==
              whole[2 * i + label] - without[2 * i + label]);
  }
}

TEST_CASE("The model of a table explains by its encoding") {
  train::TableInputs table;
  table.encoding.columns = {
      {.name = "age", .kind = data::ColumnKind::number, .median = 2, .has_indicator = true},
      {.name = "sex", .kind = data::ColumnKind::category, .values = {"f", "m", ""}},
      {.name = "bmi", .kind = data::ColumnKind::number, .median = 5}};
  train::SavedModel saved{
      .description = {.model = "mlp", .options = {}, .normalization = scale_of_rows, .sample = {6}},
      .model = network_of_rows(2)};
  CHECK_THROWS_WITH_AS(train::explain(train::TrainedModel(saved), two_rows()),
                       "[explain] the model wasn't trained on a table", std::invalid_argument);
  saved.description.table = table;
  const train::PredictedTargets numbers{
      .kind = data::TargetKind::numbers, .scale = {{1, 2}, {3, 4}}, .loss = "squared"};
  for (const train::PredictedTargets& targets : {train::PredictedTargets(), numbers}) {
    saved.description.targets = targets;
    CHECK(train::explain(train::TrainedModel(saved), two_rows()).to_vector<double>() ==
          train::explain(
              saved.model, two_rows(), three_columns, missing_cells,
              {.normalization = scale_of_rows, .kind = targets.kind, .scale = targets.scale})
              .to_vector<double>());
  }
}

TEST_CASE("Many rows are explained in parts") {
  layers::Sequential model = network_of_rows(3);
  Rng rng(6);
  const Tensor rows = randn({700, 6}, rng);
  const Tensor result = train::explain(model, rows, three_columns, missing_cells);
  CHECK(result.shape() == Shape{700, 3, 1});
  for (const int64_t i : {0, 511, 512, 699}) {
    const Tensor one =
        train::explain(model, slice(rows, 0, i, i + 1), three_columns, missing_cells);
    for (int64_t column = 0; column < 3; ++column)
      CHECK(result.data<double>()[3 * i + column] ==
            doctest::Approx(one.data<double>()[column]).epsilon(1e-5));
  }
}

TEST_CASE("Wrong arguments of explain are refused") {
  layers::Sequential model = network_of_rows(3);
  const auto error = [&](const Tensor& rows, const std::vector<FeatureRange>& columns,
                         const std::vector<float>& missing, const char* text) {
    CHECK_THROWS_WITH_AS(train::explain(model, rows, columns, missing), text,
                         std::invalid_argument);
  };
  error(cast(two_rows(), DType::f64), three_columns, missing_cells,
        "[explain] samples must be f32 (N, F), got f64 (2, 6)");
  error(reshape(two_rows(), {12}), three_columns, missing_cells,
        "[explain] samples must be f32 (N, F), got f32 (12)");
  error(two_rows(), three_columns, {1, 2},
        "[explain] the row of missing cells needs 6 features, got 2");
  error(two_rows(), {}, missing_cells, "[explain] at least one column is needed");
  error(two_rows(), {{0, 7}}, missing_cells, "[explain] column 0 has the features 0 to 7 of 6");
}
