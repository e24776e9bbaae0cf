#include "data/label_metrics.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/ops/shape.hpp"
#include "data/probability_metrics.hpp"

using namespace gradus;
using namespace gradus::data;

namespace {

Tensor true_labels() {
  return Tensor::from(std::vector<float>{1, 0, 0, 0,  //
                                         0, 1, 0, 1,  //
                                         1, 1, 0, 0,  //
                                         0, 0, 0, 1,  //
                                         1, 0, 0, 1,  //
                                         0, 1, 0, 0},
                      {6, 4});
}

Tensor label_probabilities() {
  return Tensor::from(std::vector<double>{0.9,  0.2,  0.1,  0.5,  //
                                          0.4,  0.6,  0.2,  0.7,  //
                                          0.3,  0.8,  0.05, 0.1,  //
                                          0.2,  0.55, 0.3,  0.4,  //
                                          0.75, 0.1,  0.25, 0.9,  //
                                          0.5,  0.35, 0.15, 0.2},
                      {6, 4});
}

using LabelMetric = double (*)(const Tensor&, const Tensor&);
using ResampledLabelMetric = ResampledMetric (*)(const Tensor&, const Tensor&);

struct MetricRow {
  LabelMetric metric;
  ResampledLabelMetric resampled;
  double plain, weighted;
};

// By scikit-learn, without and with sample_weight; averages over the labels that occur: the third
// doesn't.
const MetricRow metric_rows[] = {
    {label_accuracy, resampled::label_accuracy, 0.75, 0.9047619047619048},
    {subset_accuracy, resampled::subset_accuracy, 0.3333333333333333, 0.6666666666666666},
    {micro_f1, resampled::micro_f1, 0.6666666666666666, 0.8947368421052632},
    {macro_f1, resampled::macro_f1, 0.6666666666666666, 0.8989820565907523},
    {label_log_loss, resampled::label_log_loss, 0.39673273154562266, 0.32538676392375665},
    {macro_auc, resampled::macro_auc, 0.851851851851852, 0.9444444444444443},
    {macro_average_precision, resampled::macro_average_precision, 0.8999999999999999,
     0.9761904761904763}};

}  // namespace

TEST_CASE("metrics of labels have scikit-learn's values, with and without weights") {
  const std::vector<double> weights{1, 2, 0.5, 0, 1.5, 0.25}, nothing(6);
  for (const MetricRow& row : metric_rows) {
    CHECK(row.metric(true_labels(), label_probabilities()) ==
          doctest::Approx(row.plain).epsilon(1e-13));
    const ResampledMetric metric = row.resampled(true_labels(), label_probabilities());
    CHECK(metric(weights) == doctest::Approx(row.weighted).epsilon(1e-13));
    CHECK(std::isnan(metric(nothing)));
  }
}

TEST_CASE("a weight counts a sample as often") {
  const std::vector<double> counts{2, 0, 1, 1, 0, 0};
  const auto drawn = [&](const Tensor& x) {
    return cat({slice(x, 0, 0, 1), slice(x, 0, 0, 1), slice(x, 0, 2, 4)});
  };
  for (const MetricRow& row : metric_rows)
    CHECK(row.resampled(true_labels(), label_probabilities())(counts) ==
          doctest::Approx(row.metric(drawn(true_labels()), drawn(label_probabilities())))
              .epsilon(1e-14));
}

TEST_CASE("metrics of labels where nothing is true, predicted or both") {
  const Tensor none = Tensor::zeros({3, 2}), all = Tensor::ones({3, 2});
  CHECK(micro_f1(none, none) == 0);
  CHECK(macro_f1(none, none) == 0);
  CHECK(macro_f1(all, none) == 0);
  CHECK(macro_f1(all, all) == 1);
  CHECK(subset_accuracy(none, none) == 1);
  CHECK(label_accuracy(all, none) == 0);
  CHECK(label_log_loss(all, all) == 0);
  CHECK(label_log_loss(all, none) == INFINITY);
  for (const Tensor& constant : {none, all}) CHECK(std::isnan(macro_auc(constant, none)));
  CHECK(std::isnan(macro_average_precision(none, none)));
  CHECK(macro_average_precision(all, none) == 1);
  // A probability of a half is a prediction.
  CHECK(label_accuracy(Tensor::ones({1, 1}), Tensor::full({1, 1}, 0.5)) == 1);
}

TEST_CASE("an infinite loss doesn't matter for a sample without weight") {
  const Tensor target = Tensor::from<float>({1, 1}, {2, 1});
  const Tensor p = Tensor::from<double>({0, 0.5}, {2, 1});
  CHECK(resampled::label_log_loss(target, p)(std::vector<double>{0, 1}) ==
        doctest::Approx(std::log(2)));
}

TEST_CASE("NaN among the probabilities of labels makes the metrics NaN") {
  const Tensor nan = Tensor::from<double>({0.5, NAN, 0.5, 0.5}, {2, 2});
  const Tensor target = Tensor::from<float>({0, 1, 1, 0}, {2, 2});
  for (const MetricRow& row : metric_rows) CHECK(std::isnan(row.metric(target, nan)));
}

TEST_CASE("metrics of labels report wrong shapes, targets and probabilities") {
  const Tensor p = Tensor::full({2, 3}, 0.25);
  CHECK_THROWS_WITH(micro_f1(Tensor::zeros({2}), p),
                    "[micro_f1] target and probability must be f32 or f64 (N, labels), got f32 (2) "
                    "and f32 (2, 3)");
  CHECK_THROWS_WITH(macro_auc(Tensor::zeros({2, 3}, DType::i64), p),
                    "[macro_auc] target and score must be f32 or f64 (N, labels), got i64 (2, 3) "
                    "and f32 (2, 3)");
  CHECK_THROWS_WITH(label_accuracy(Tensor::zeros({2, 0}), Tensor::zeros({2, 0})),
                    "[label_accuracy] at least one sample and one label are needed, got (2, 0)");
  CHECK_THROWS_WITH(subset_accuracy(p, p),
                    "[subset_accuracy] targets must be 0 or 1: sample 0 has 0.25");
  CHECK_THROWS_WITH(label_log_loss(Tensor::zeros({2, 3}), Tensor::full({2, 3}, 1.5)),
                    "[label_log_loss] probability must be 0 to 1: sample 0 has 1.5");
  CHECK_THROWS_WITH(macro_f1(Tensor::zeros({2, 3}), Tensor::full({2, 3}, -1)),
                    "[macro_f1] probability must be 0 to 1: sample 0 has -1");
  // Scores may be any numbers.
  CHECK(macro_auc(Tensor::from<float>({0, 1}, {2, 1}), Tensor::from<float>({-3, 5}, {2, 1})) == 1);
  CHECK(label_log_loss(Tensor::ones({1, 1}), Tensor::full({1, 1}, 1 + 5e-7, DType::f64)) == 0);
}
