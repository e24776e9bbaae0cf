// permutation_importance.
#include "train/columns/column_importance.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/parallel.hpp"
#include "core/statistics.hpp"
#include "data/metrics.hpp"
#include "layers/activation.hpp"
#include "layers/dense.hpp"
#include "layers/dropout.hpp"
#include "layers/sequential.hpp"
#include "train/evaluate.hpp"

using namespace gradus;
using train::FeatureRange;

namespace {

layers::Sequential linear_model(const std::vector<float>& weights, int64_t outputs = 1) {
  Rng rng(1);
  const int64_t features = std::ssize(weights) / outputs;
  layers::Dense dense(features, outputs, rng, {.bias = false});
  dense.weight = layers::Parameter(Tensor::from(weights, {outputs, features}));
  return layers::Sequential{dense};
}

std::vector<FeatureRange> each_feature(int64_t features) {
  std::vector<FeatureRange> result;
  for (int64_t i = 0; i < features; ++i) result.emplace_back(i, i + 1);
  return result;
}

// Normal features, and the numbers that the linear model predicts for them.
data::Dataset linear_data(layers::Sequential& model, int64_t samples, int64_t features) {
  Rng rng(2);
  const Tensor inputs = randn({samples, features}, rng);
  return data::Dataset::of_tensors(inputs, model(inputs).detach());
}

bool are_same(const std::vector<train::ColumnImportance>& a,
              const std::vector<train::ColumnImportance>& b) {
  return std::ranges::equal(a, b, [](const auto& x, const auto& y) {
    return x.column == y.column && x.mean == y.mean && x.deviation == y.deviation;
  });
}

}  // namespace

TEST_CASE("The importance of a linear model's column is its weight times the distance of values") {
  layers::Sequential model = linear_model({3, -0.5f, 0});
  const data::Dataset dataset = linear_data(model, 2000, 3);
  const Rng rng(7);
  const auto result =
      train::permutation_importance(model, dataset, each_feature(3), {.repeats = 4}, rng);
  REQUIRE(result.size() == 3);
  const Tensor inputs = dataset.batch(0, 2000).inputs;
  const double weights[] = {3, -0.5, 0};
  for (int64_t column = 0; column < 3; ++column) {
    std::vector<double> rises;
    for (uint64_t repeat = 0; repeat < 4; ++repeat) {
      const std::vector<int64_t> rows =
          rng.fork(1 + static_cast<uint64_t>(column)).fork(repeat).permutation(2000);
      double squares = 0;
      for (int64_t i = 0; i < 2000; ++i) {
        const float* x = inputs.data<float>() + column;
        const double d = x[3 * i] - double{x[3 * rows[static_cast<std::size_t>(i)]]};
        squares += d * d / 2000;
      }
      rises.push_back(std::abs(weights[column]) * std::sqrt(squares));
    }
    const Estimate wanted = estimate(rises);
    const train::ColumnImportance& got = result[static_cast<std::size_t>(column)];
    CHECK(got.column == column);
    CHECK(got.mean == doctest::Approx(wanted.mean).epsilon(1e-5));
    CHECK(got.deviation == doctest::Approx(wanted.spread).epsilon(1e-3));
    // The mean square of the distance of two independent values is twice their variance.
    CHECK(got.mean == doctest::Approx(std::abs(weights[column]) * std::sqrt(2)).epsilon(0.05));
  }
  CHECK(result[2].mean == 0);
  CHECK(result[2].deviation == 0);
}

TEST_CASE("The importance of a column for classes is the fall of the accuracy") {
  layers::Sequential model = linear_model({-1, 0, 1, 0}, 2);  // class 1 if the first is positive
  Rng rng(3);
  const Tensor inputs = randn({400, 2}, rng);
  const Tensor labels = data::predictions(model(inputs).detach());
  const data::Dataset dataset = data::Dataset::of_tensors(inputs, labels);
  const auto result = train::permutation_importance(model, dataset, each_feature(2), {}, rng);
  std::vector<double> falls;
  for (uint64_t repeat = 0; repeat < 5; ++repeat) {
    const std::vector<int64_t> rows = rng.fork(1).fork(repeat).permutation(400);
    double wrong = 0;
    for (std::size_t i = 0; i < 400; ++i)
      wrong += labels.data<int64_t>()[i] != labels.data<int64_t>()[rows[i]];
    falls.push_back(wrong / 400);
  }
  CHECK(result[0].mean == doctest::Approx(estimate(falls).mean).epsilon(1e-12));
  CHECK(result[0].mean > 0.4);
  CHECK(result[0].deviation == doctest::Approx(estimate(falls).spread).epsilon(1e-9));
  CHECK(result[1].mean == 0);
}

TEST_CASE("The features of a category move together") {
  // The sum of the one-hots is 1 in each row, however the rows are shuffled.
  layers::Sequential model = linear_model({2, 2, 2, 1});
  std::vector<float> values;
  for (int i = 0; i < 60; ++i) {
    for (int k = 0; k < 3; ++k) values.push_back(i % 3 == k ? 1.f : 0.f);
    values.push_back(static_cast<float>(i));
  }
  const Tensor inputs = Tensor::from(values, {60, 4});
  const data::Dataset dataset = data::Dataset::of_tensors(inputs, model(inputs).detach());
  const Rng rng(1);
  const std::vector<FeatureRange> columns{{0, 3}, {3, 4}};
  const auto together = train::permutation_importance(model, dataset, columns, {}, rng);
  CHECK(together[0].mean == 0);
  CHECK(together[0].deviation == 0);
  CHECK(together[1].mean > 1);
  CHECK(train::permutation_importance(model, dataset, each_feature(4), {}, rng)[0].mean > 0.1);
  // No features, no importance.
  const std::vector<FeatureRange> empty{{2, 2}};
  CHECK(train::permutation_importance(model, dataset, empty, {}, rng)[0].mean == 0);
  CHECK(train::permutation_importance(model, dataset, {}, {}, rng).empty());
}

TEST_CASE("A constant column, and any column of a single sample, doesn't matter at all") {
  layers::Sequential model = linear_model({3, 5});
  const data::Dataset dataset = data::Dataset::of_tensors(
      Tensor::from<float>({1, 4, 2, 4, 3, 4}, {3, 2}), Tensor::from<float>({1, 2, 3}, {3}));
  const auto result = train::permutation_importance(model, dataset, each_feature(2), {}, Rng(1));
  CHECK(result[0].mean != 0);
  CHECK(result[1].mean == 0);
  CHECK(result[1].deviation == 0);
  for (const auto& importance :
       train::permutation_importance(model, dataset.first(1), each_feature(2), {}, Rng(1))) {
    CHECK(importance.mean == 0);
    CHECK(importance.deviation == 0);
  }
  const auto once =
      train::permutation_importance(model, dataset, each_feature(2), {.repeats = 1}, Rng(1));
  CHECK(std::isnan(once[0].deviation));
}

TEST_CASE("Importance is the same for any number of threads and order of the columns") {
  Rng rng(4);
  layers::Sequential model{layers::Dense(6, 32, rng), layers::ReLU(), layers::Dropout(0.5, rng),
                           layers::Dense(32, 3, rng)};
  const Tensor inputs = randn({3000, 6}, rng);
  const data::Dataset dataset =
      data::Dataset::of_tensors(inputs, data::predictions(model(inputs).detach()));
  const std::vector<FeatureRange> columns{{0, 1}, {1, 3}, {3, 6}}, others{{3, 6}, {0, 1}, {1, 3}};
  const int before = num_threads();
  std::vector<std::vector<train::ColumnImportance>> results;
  for (const int threads : {1, 2}) {
    set_num_threads(threads);
    results.push_back(train::permutation_importance(model, dataset, columns, {}, Rng(5)));
  }
  CHECK(are_same(results[0], results[1]));
  const auto reordered = train::permutation_importance(model, dataset, others, {}, Rng(5));
  set_num_threads(before);
  CHECK(reordered[0].mean == results[0][2].mean);
  CHECK(reordered[1].mean == results[0][0].mean);
  CHECK(reordered[2].deviation == results[0][1].deviation);
  CHECK(model.is_training());
  CHECK_FALSE(
      are_same(train::permutation_importance(model, dataset, columns, {}, Rng(6)), results[0]));
}

TEST_CASE("Importance takes no more samples than its options allow") {
  CHECK(train::importance_samples(300, 10, {}) == 300);
  CHECK(train::importance_samples(1'000'000, 10, {}) == 2000);
  CHECK(train::importance_samples(1'000'000, 40, {}) == 500);
  CHECK(train::importance_samples(1'000'000, 100'000, {}) == 50);
  CHECK(train::importance_samples(1'000'000, 0, {}) == 2000);
  CHECK(train::importance_samples(
            5000, 4, {.repeats = 10, .most_samples = 4000, .most_predictions = 8000}) == 200);
  // The drawn samples are those of the documented stream.
  layers::Sequential model = linear_model({3, 1});
  const data::Dataset dataset = linear_data(model, 50, 2);
  std::vector<int64_t> drawn = Rng(8).fork(0).permutation(50);
  drawn.resize(20);
  std::ranges::sort(drawn);
  CHECK(are_same(
      train::permutation_importance(model, dataset, each_feature(2), {.most_samples = 20}, Rng(8)),
      train::permutation_importance(model, dataset.subset(drawn), each_feature(2), {}, Rng(8))));
}

TEST_CASE("Many columns of few samples, which the model gets together, are as each by itself") {
  Rng rng(9);
  layers::Sequential model{layers::Dense(30, 16, rng), layers::ReLU(), layers::Dense(16, 1, rng)};
  const data::Dataset dataset = data::Dataset::of_tensors(randn({70, 30}, rng), randn({70}, rng));
  const std::vector<FeatureRange> columns = each_feature(30);
  const auto together = train::permutation_importance(model, dataset, columns, {}, Rng(3));
  REQUIRE(together.size() == 30);
  for (std::size_t i = 0; i < 30; ++i) {
    const auto alone =
        train::permutation_importance(model, dataset, std::span(columns).subspan(i, 1), {}, Rng(3));
    CHECK(together[i].column == static_cast<int64_t>(i));
    CHECK(together[i].mean == alone[0].mean);
    CHECK(together[i].deviation == alone[0].deviation);
  }
}

TEST_CASE("Samples count by their weights, and not at all without one") {
  layers::Sequential model = linear_model({3, 1});
  const data::Dataset dataset = linear_data(model, 8, 2);
  const std::vector<float> zeros{1, 0, 1, 0, 1, 0, 1, 0}, weights{1, 2, 1, 2, 1, 2, 1, 2};
  const std::vector<int64_t> even{0, 2, 4, 6};
  const auto importance_of = [&](const data::Dataset& of) {
    return train::permutation_importance(model, of, each_feature(2), {}, Rng(3));
  };
  CHECK(are_same(importance_of(dataset.weighted(zeros)), importance_of(dataset.subset(even))));
  const auto weighted = importance_of(dataset.weighted(weights));
  const Tensor inputs = dataset.batch(0, 8).inputs;
  std::vector<double> rises;
  for (uint64_t repeat = 0; repeat < 5; ++repeat) {
    const std::vector<int64_t> rows = Rng(3).fork(1).fork(repeat).permutation(8);
    double squares = 0;
    for (std::size_t i = 0; i < 8; ++i) {
      const double d = 3 * (inputs.data<float>()[2 * i] - inputs.data<float>()[2 * rows[i]]);
      squares += double{weights[i]} * d * d;
    }
    rises.push_back(std::sqrt(squares / 12));
  }
  CHECK(weighted[0].mean == doctest::Approx(estimate(rises).mean).epsilon(1e-5));
}

TEST_CASE("Importance reads numbers by their scale, and shuffles columns before a matrix") {
  layers::Sequential model = linear_model({1, 0});
  const data::Dataset plain =
      data::Dataset::of_tensors(Tensor::from<float>({1, 10, 2, 30, 3, 20, 4, 60}, {4, 2}),
                                Tensor::from<float>({1, 2, 3, 4}, {4}));
  const data::Dataset scaled = plain.scaled({{5}, {10}});
  const auto importance_of = [&](const data::Dataset& of) {
    return train::permutation_importance(model, of, each_feature(2), {.repeats = 8}, Rng(3));
  };
  const double deviation_before = importance_of(plain)[0].mean;
  CHECK(deviation_before > 0.5);
  CHECK(importance_of(scaled)[0].mean != doctest::Approx(deviation_before));
  // The matrix exchanges the columns, so the model uses the second one.
  const data::Dataset exchanged =
      plain.normalized({{0, 0}, {1, 10}, Tensor::from<float>({0, 1, 1, 0}, {2, 2})});
  const auto result = importance_of(exchanged);
  CHECK(result[0].mean == 0);
  CHECK(result[0].deviation == 0);
  CHECK(result[1].mean != 0);
}

TEST_CASE("Wrong arguments of permutation_importance are refused") {
  layers::Sequential model = linear_model({3, 1});
  const data::Dataset dataset = linear_data(model, 8, 2);
  const auto error = [&](const std::vector<FeatureRange>& columns,
                         const train::ImportanceOptions& options, const char* text) {
    CHECK_THROWS_WITH_AS(train::permutation_importance(model, dataset, columns, options, Rng(1)),
                         text, std::invalid_argument);
  };
  error({}, {.repeats = 0}, "[permutation_importance] repeats must be 1 or more, got 0");
  error({}, {.most_samples = -1},
        "[permutation_importance] most_samples must be 1 or more, got -1");
  error({}, {.most_predictions = 0},
        "[permutation_importance] most_predictions must be 1 or more, got 0");
  error({{0, 1}, {1, 3}}, {}, "[permutation_importance] column 1 has the features 1 to 3 of 2");
  error({{-1, 1}}, {}, "[permutation_importance] column 0 has the features -1 to 1 of 2");
  error({{2, 1}}, {}, "[permutation_importance] column 0 has the features 2 to 1 of 2");
  const data::Dataset images = data::Dataset::of_bytes({1, 2, 3, 4}, {1, 2, 2}, {0}, 1);
  CHECK_THROWS_WITH_AS(train::permutation_importance(model, images, {}, {}, Rng(1)),
                       "[permutation_importance] samples must be features (F), got (1, 2, 2)",
                       std::invalid_argument);
}
