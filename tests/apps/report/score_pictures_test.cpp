// score_pictures_test: reliability, roc, precision_recall.
#include "apps/gradus/report/score_pictures.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/ops/reduce.hpp"
#include "data/probability_metrics.hpp"

using namespace gradus;

namespace {

using Values = std::vector<double>;

Tensor two_classes(const Values& of_class_1) {
  Values rows;
  for (const double p : of_class_1) rows.insert(rows.end(), {1 - p, p});
  return Tensor::from(rows, {std::ssize(of_class_1), 2});
}

// The area below a curve.
double area(const pictures::Series& curve) {
  double sum = 0;
  for (std::size_t i = 1; i < curve.x.size(); ++i)
    sum += (curve.x[i] - curve.x[i - 1]) * (curve.y[i] + curve.y[i - 1]) / 2;
  return sum;
}

// Targets that the probabilities predict better than chance.
struct Judged {
  Tensor targets, probabilities;
};
Judged judged(int64_t samples, int64_t classes, DType dtype = DType::f64) {
  Rng rng(7);
  Tensor logits = randn({samples, classes}, rng, dtype);
  Tensor targets = Tensor::empty({samples}, DType::i64);
  for (int64_t i = 0; i < samples; ++i)
    targets.mutable_data<int64_t>()[i] = rng.below(2) == 0 ? i % classes : rng.below(classes);
  dispatch_floating("judged", dtype, [&]<class T>(T) {
    for (int64_t i = 0; i < samples; ++i) logits.mutable_data<T>()[i * classes + i % classes] += 2;
  });
  return {targets, softmax(logits, 1)};
}

}  // namespace

TEST_CASE("ROC and precision–recall curves of four samples") {
  // From the highest score: right, wrong, right, wrong.
  const Tensor targets = Tensor::from<int64_t>({1, 0, 1, 0});
  const Tensor probabilities = two_classes({0.9, 0.8, 0.4, 0.1});
  const auto roc = app::roc(targets, probabilities);
  REQUIRE(roc.has_value());
  CHECK(roc->title == "Receiver operating characteristic");
  REQUIRE(roc->series.size() == 2);
  CHECK(roc->series[0].name == "class 1: AUC 0.7500");
  CHECK(roc->series[0].x == Values{0, 0, 0.5, 0.5, 1});
  CHECK(roc->series[0].y == Values{0, 0.5, 0.5, 1, 1});
  CHECK(roc->series[1].name == "chance");

  const auto curve = app::precision_recall(targets, probabilities);
  REQUIRE(curve.has_value());
  REQUIRE(curve->series.size() == 1);
  CHECK(curve->series[0].name == "class 1: average precision 0.8333");
  CHECK(curve->series[0].x == Values{0, 0.5, 0.5, 1});
  CHECK(curve->series[0].y == Values{1, 1, 2. / 3, 2. / 3});
}

TEST_CASE("Equal scores are one point of a curve") {
  const Tensor targets = Tensor::from<int64_t>({1, 0, 1, 0});
  const auto roc = app::roc(targets, two_classes({0.5, 0.5, 0.5, 0.5}));
  CHECK(roc->series[0].name == "class 1: AUC 0.5000");
  CHECK(roc->series[0].x == Values{0, 1});
  const auto curve = app::precision_recall(targets, two_classes({0.5, 0.5, 0.5, 0.5}));
  CHECK(curve->series[0].x == Values{0, 1});
  CHECK(curve->series[0].y == Values{0.5, 0.5});
}

TEST_CASE("Areas below the drawn curves are the metrics") {
  const auto drawn = judged(3000, 2);
  const Tensor &targets = drawn.targets, &probabilities = drawn.probabilities;
  const Tensor of_class_1 = [&] {
    Values values;
    for (int64_t i = 0; i < 3000; ++i) values.push_back(probabilities.data<double>()[2 * i + 1]);
    return Tensor::from(values, {3000});
  }();
  const auto roc = app::roc(targets, probabilities);
  const auto curve = app::precision_recall(targets, probabilities);
  CHECK(area(roc->series[0]) == doctest::Approx(data::roc_auc(targets, of_class_1)).epsilon(0.002));
  CHECK(area(curve->series[0]) ==
        doctest::Approx(data::average_precision(targets, of_class_1)).epsilon(0.002));
  for (const auto& chart : {roc, curve}) CHECK(chart->series[0].x.size() <= 500);
}

TEST_CASE("Up to ten classes have a curve each, the title has their mean") {
  const auto [targets, probabilities] = judged(400, 10, DType::f32);
  const auto roc = app::roc(targets, probabilities);
  CHECK(roc->title == fmt::format("Receiver operating characteristic, mean AUC {:.4f}",
                                  data::roc_auc(targets, probabilities)));
  REQUIRE(roc->series.size() == 11);
  CHECK(roc->series[3].name.starts_with("class 3: 0."));
  const auto curve = app::precision_recall(targets, probabilities);
  CHECK(curve->title == fmt::format("Precision and recall, mean average precision {:.4f}",
                                    data::average_precision(targets, probabilities)));
  CHECK(curve->series.size() == 10);
}

TEST_CASE("More classes have the mean curve and the three worst") {
  const auto [targets, probabilities] = judged(1200, 12);
  const auto roc = app::roc(targets, probabilities);
  REQUIRE(roc->series.size() == 5);
  CHECK(roc->series[0].name == "mean of 12 classes");
  CHECK(area(roc->series[0]) ==
        doctest::Approx(data::roc_auc(targets, probabilities)).epsilon(0.002));
  for (std::size_t i = 1; i < 4; ++i) CHECK(area(roc->series[i]) < area(roc->series[0]));
  CHECK(area(roc->series[1]) <= area(roc->series[2]) + 1e-3);
  CHECK(roc->series[4].name == "chance");
  const auto curve = app::precision_recall(targets, probabilities);
  REQUIRE(curve->series.size() == 4);
  CHECK(area(curve->series[0]) ==
        doctest::Approx(data::average_precision(targets, probabilities)).epsilon(0.005));
}

TEST_CASE("Classes that don't occur have no curve, and one class alone has none") {
  const auto [all, probabilities] = judged(50, 3);
  Tensor targets = Tensor::zeros({50}, DType::i64);
  CHECK_FALSE(app::roc(targets, probabilities).has_value());
  CHECK_FALSE(app::precision_recall(targets, probabilities).has_value());
  CHECK(app::reliability(targets, probabilities).size() == 2);
  targets.mutable_data<int64_t>()[4] = 2;
  CHECK(app::roc(targets, probabilities)->series.size() == 3);
  CHECK_FALSE(app::roc(Tensor::from<int64_t>({0}), Tensor::ones({1, 1})).has_value());
  CHECK_FALSE(app::roc(Tensor::from<int64_t>({1}), two_classes({0.3})).has_value());
}

TEST_CASE("Without numbers there are no pictures") {
  const Tensor targets = Tensor::from<int64_t>({0, 1});
  const Tensor probabilities = Tensor::full({2, 2}, NAN);
  CHECK_FALSE(app::roc(targets, probabilities).has_value());
  CHECK_FALSE(app::precision_recall(targets, probabilities).has_value());
  CHECK(app::reliability(targets, probabilities).empty());
}

TEST_CASE("A reliability diagram has the accuracy and the mean confidence of each bin") {
  // Confidences 0.9, 0.92 (one right), 0.6 (right) and 1 (right).
  const Tensor targets = Tensor::from<int64_t>({1, 0, 0, 1});
  const Tensor probabilities = two_classes({0.9, 0.92, 0.4, 1});
  const auto charts = app::reliability(targets, probabilities);
  REQUIRE(charts.size() == 2);
  const double error = data::expected_calibration_error(targets, probabilities);
  CHECK(charts[0].title == fmt::format("Reliability, expected calibration error {:.4f}", error));
  REQUIRE(charts[0].series.size() == 2);
  const pictures::Series& accuracy = charts[0].series[1];
  REQUIRE(accuracy.x.size() == 3);
  CHECK(accuracy.x[0] == doctest::Approx(0.6));
  CHECK(accuracy.x[1] == doctest::Approx(0.91));
  CHECK(accuracy.y == Values{1, 0.5, 1});
  const pictures::Series& shares = charts[1].series[0];
  REQUIRE(shares.y.size() == 15);
  CHECK(shares.y[9] == 25);
  CHECK(shares.y[13] == 50);
  CHECK(shares.y[14] == 25);
  CHECK(shares.x[0] == doctest::Approx(1. / 30));
}

TEST_CASE("The bins of a reliability diagram are those of the calibration error") {
  const auto [targets, probabilities] = judged(500, 4, DType::f32);
  const auto charts = app::reliability(targets, probabilities);
  const auto& accuracy = charts[0].series[1];
  double error = 0;
  std::size_t at = 0;
  for (const double percent : charts[1].series[0].y)
    if (percent > 0) {
      error += percent / 100 * std::abs(accuracy.x[at] - accuracy.y[at]);
      ++at;
    }
  CHECK(error == doctest::Approx(data::expected_calibration_error(targets, probabilities)));
}
