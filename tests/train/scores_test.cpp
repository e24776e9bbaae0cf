// scores_test: classification_scores, regression_scores, mcnemar, paired_bootstrap, and whether
// their intervals and tests are as often right as they say.
#include "train/scores.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "core/ops/elementwise.hpp"
#include "core/ops/shape.hpp"
#include "core/parallel.hpp"
#include "data/label_metrics.hpp"
#include "data/metrics.hpp"
#include "data/probability_metrics.hpp"
#include "data/regression_metrics.hpp"
#include "data/sets/toy.hpp"
#include "layers/dense.hpp"
#include "train/evaluate.hpp"

using namespace gradus;
using train::Score;

namespace {

constexpr auto class_targets = data::TargetKind::classes, label_targets = data::TargetKind::labels,
               number_targets = data::TargetKind::numbers;

// Targets, and the outputs of a model that is sometimes right.
struct Judged {
  Tensor targets, outputs;
};

Judged random_classes(int64_t samples, int64_t classes, Rng& rng) {
  Tensor targets = Tensor::empty({samples}, DType::i64), logits = randn({samples, classes}, rng);
  for (int64_t i = 0; i < samples; ++i) {
    const int64_t target = rng.below(classes);
    targets.mutable_data<int64_t>()[i] = target;
    logits.mutable_data<float>()[i * classes + target] += 1.5f;
  }
  return {targets, data::probabilities(logits)};
}

const Score& score_named(const std::vector<Score>& scores, std::string_view name) {
  for (const Score& score : scores)
    if (score.name == name) return score;
  FAIL("no score ", std::string(name));
  return scores[0];
}

std::vector<std::string> names_of(const std::vector<Score>& scores) {
  std::vector<std::string> names;
  for (const Score& score : scores) names.push_back(score.name);
  return names;
}

bool all_undefined(const std::vector<Score>& scores) {
  return std::ranges::all_of(scores, [](const Score& score) {
    return std::isnan(score.value) && std::isnan(score.interval.low) &&
           std::isnan(score.interval.high);
  });
}

bool same_scores(const std::vector<Score>& a, const std::vector<Score>& b) {
  return std::ranges::equal(a, b, [](const Score& x, const Score& y) {
    return x.name == y.name && std::memcmp(&x.value, &y.value, sizeof x.value) == 0 &&
           std::memcmp(&x.interval, &y.interval, sizeof x.interval) == 0;
  });
}

template <class Body>
auto with_threads(int threads, const Body& body) {
  const int before = num_threads();
  set_num_threads(threads);
  const auto result = body();
  set_num_threads(before);
  return result;
}

}  // namespace

TEST_CASE("classification_scores has the rows for classes, with the metrics' values") {
  Rng rng(1);
  const Judged five = random_classes(60, 5, rng), six = random_classes(60, 6, rng);
  const std::vector<Score> scores = train::classification_scores(five.targets, five.outputs, rng);
  CHECK(names_of(scores) == std::vector<std::string>{"accuracy", "balanced_accuracy", "macro_f1",
                                                     "weighted_f1", "log_loss", "brier",
                                                     "calibration_error", "auc",
                                                     "average_precision", "matthews"});
  const Tensor other_targets = random_classes(60, 6, rng).targets;
  const Score top5 = train::classification_scores(other_targets, six.outputs, rng)[4];
  CHECK(top5.name == "top5_accuracy");
  CHECK(top5.value == data::top_k_accuracy(other_targets, six.outputs, 5));
  CHECK(top5.value < 1);

  const Tensor predicted = data::predictions(five.outputs);
  const Tensor confusion = data::confusion_matrix(five.targets, predicted, 5);
  const auto value = [&](const char* name) { return score_named(scores, name).value; };
  const int64_t right = data::count_correct(five.targets, predicted);
  CHECK(value("accuracy") == static_cast<double>(right) / 60);
  CHECK(value("balanced_accuracy") == data::balanced_accuracy(confusion));
  CHECK(value("macro_f1") == data::macro_f1(confusion));
  CHECK(value("weighted_f1") == data::weighted_f1(confusion));
  CHECK(value("matthews") == data::matthews(confusion));
  CHECK(value("log_loss") == data::log_loss(five.targets, five.outputs));
  CHECK(value("brier") == data::brier(five.targets, five.outputs));
  CHECK(value("calibration_error") == data::expected_calibration_error(five.targets, five.outputs));
  CHECK(value("auc") == data::roc_auc(five.targets, five.outputs));
  CHECK(value("average_precision") == data::average_precision(five.targets, five.outputs));

  const Interval wilson = wilson_interval(right, 60);
  CHECK(scores[0].interval.low == wilson.low);
  CHECK(scores[0].interval.high == wilson.high);
  for (const Score& score : scores) {
    INFO(score.name);
    CHECK(score.interval.low < score.interval.high);
    if (score.name != "calibration_error") {  // resampling makes it larger
      CHECK(score.interval.low < score.value);
      CHECK(score.value < score.interval.high);
    }
  }
}

TEST_CASE("regression_scores has the rows for numbers") {
  const Tensor targets = Tensor::from({1.0, 2.0, 3.0, 4.0});
  const Tensor predictions = Tensor::from({1.0, 2.0, 3.0, 2.0});
  const std::vector<Score> scores = train::regression_scores(targets, predictions, Rng(1));
  CHECK(names_of(scores) == std::vector<std::string>{"rmse", "mae", "r2"});
  CHECK(scores[0].value == 1);
  CHECK(scores[1].value == 0.5);
  CHECK(scores[2].value == doctest::Approx(0.2));
  // A draw has the only wrong sample 0 to 4 times: 0 in a third of the draws, 3 in a twentieth.
  CHECK(scores[1].interval.low == 0);
  CHECK(scores[1].interval.high == doctest::Approx(1.5).epsilon(0.1));
  CHECK(scores[2].interval.high == 1);
}

TEST_CASE("label_scores has the rows for labels, with the metrics' values") {
  Rng rng(9);
  const Tensor outputs = data::probabilities(randn({60, 4}, rng));
  Tensor targets = Tensor::zeros({60, 4});
  for (int64_t i = 0; i < targets.numel(); ++i)
    targets.mutable_data<float>()[i] = rng.uniform() < outputs.data<double>()[i] ? 1 : 0;
  const std::vector<Score> scores = train::label_scores(targets, outputs, Rng(1), 200);
  CHECK(names_of(scores) == std::vector<std::string>{"accuracy", "subset_accuracy", "micro_f1",
                                                     "macro_f1", "log_loss", "auc",
                                                     "average_precision"});
  CHECK(scores[0].value == data::label_accuracy(targets, outputs));
  CHECK(scores[1].value == data::subset_accuracy(targets, outputs));
  CHECK(scores[2].value == data::micro_f1(targets, outputs));
  CHECK(scores[3].value == data::macro_f1(targets, outputs));
  CHECK(scores[4].value == data::label_log_loss(targets, outputs));
  CHECK(scores[5].value == data::macro_auc(targets, outputs));
  CHECK(scores[6].value == data::macro_average_precision(targets, outputs));
  for (const Score& score : scores) {
    INFO(score.name);
    CHECK(score.interval.low < score.value);
    CHECK(score.value < score.interval.high);
  }
  const Interval wilson = wilson_interval(std::llround(60 * scores[1].value), 60);
  CHECK(scores[1].interval.low == wilson.low);

  const std::vector<double> weights = [&] {
    std::vector<double> values(60);
    for (double& value : values) value = rng.uniform();
    return values;
  }();
  const std::vector<Score> weighted =
      train::label_scores(targets, outputs, Rng(1), 200, Tensor::from(weights, {60}));
  CHECK(weighted[3].value == data::resampled::macro_f1(targets, outputs)(weights));
  CHECK(weighted[1].interval.low != wilson.low);

  const train::ScoreDifference difference = train::paired_bootstrap(
      label_targets, "micro_f1", targets, outputs, 1 - outputs, Rng(1), 200);
  CHECK(difference.value == scores[2].value - data::micro_f1(targets, 1 - outputs));

  CHECK_THROWS_WITH(train::label_scores(targets, outputs, Rng(1), 0),
                    "[label_scores] draws must be 1 to 10^6, got 0");
  CHECK_THROWS_WITH(train::label_scores(targets, outputs, Rng(1), 10, Tensor::ones({4})),
                    "[label_scores] weights must be f32 or f64, one for each of 60 samples, got "
                    "f32 (4)");
  CHECK_THROWS_WITH(train::label_scores(Tensor::zeros({0, 4}), Tensor::zeros({0, 4}), Rng(1)),
                    "[label_accuracy] at least one sample and one label are needed, got (0, 4)");
  const Tensor nan = Tensor::full({60, 4}, NAN);
  CHECK(all_undefined(train::label_scores(targets, nan, Rng(1))));
}

TEST_CASE("weights of samples count in the scores and in the draws of their intervals") {
  Rng rng(8);
  Judged six = random_classes(80, 6, rng);
  six.targets = random_classes(80, 6, rng).targets;  // the model is often wrong
  const auto scores_with = [&](const Tensor& weights) {
    return train::classification_scores(six.targets, six.outputs, Rng(3), 200, weights);
  };
  // Samples without a weight count as if they weren't there.
  std::vector<double> weights(80);
  for (std::size_t i = 0; i < 80; ++i) weights[i] = i < 40 ? 0.5 + rng.uniform() : 0;
  const std::vector<Score> weighted = scores_with(Tensor::from(weights, {80}));
  const Tensor predicted = data::predictions(six.outputs);
  CHECK(weighted[0].value == data::resampled::accuracy(six.targets, predicted)(weights));
  CHECK(score_named(weighted, "macro_f1").value ==
        data::resampled::macro_f1(six.targets, predicted, 6)(weights));
  CHECK(score_named(weighted, "log_loss").value ==
        data::resampled::log_loss(six.targets, six.outputs)(weights));
  for (const Score& score : weighted) {
    INFO(score.name);
    CHECK(score.interval.low < score.interval.high);
    CHECK(score.interval.high > score.value);
  }
  const std::vector<double> first_weights(weights.begin(), weights.begin() + 40);
  const Tensor first = slice(six.targets, 0, 0, 40), first_outputs = slice(six.outputs, 0, 0, 40);
  const std::vector<Score> of_first = train::classification_scores(
      first, first_outputs, Rng(3), 200, Tensor::from(first_weights, {40}));
  for (std::size_t i = 0; i < weighted.size(); ++i) CHECK(weighted[i].value == of_first[i].value);

  // Weights of one change nothing but the kind of intervals of fractions.
  const std::vector<Score> ones = scores_with(Tensor::ones({80})), none = scores_with({});
  for (std::size_t i = 0; i < ones.size(); ++i) {
    INFO(ones[i].name);
    const bool is_share = ones[i].name == "accuracy" || ones[i].name == "top5_accuracy";
    CHECK(ones[i].value == none[i].value);
    CHECK((ones[i].interval.low == none[i].interval.low) == !is_share);
  }

  const Tensor numbers = randn({80}, rng), guesses = randn({80}, rng);
  const std::vector<Score> errors =
      train::regression_scores(numbers, guesses, Rng(3), 200, Tensor::from(weights, {80}));
  CHECK(errors[0].value == data::resampled::rmse(numbers, guesses)(weights));
  CHECK(errors[0].interval.low < errors[0].value);
}

TEST_CASE("scores refuse weights that aren't") {
  const Tensor targets = Tensor::from<int64_t>({0, 1}), numbers = Tensor::ones({2});
  const Tensor rows = Tensor::from<double>({0.5, 0.5, 0.5, 0.5}, {2, 2});
  const auto check = [&](const Tensor& weights, const std::string& error) {
    CHECK_THROWS_WITH_AS(train::classification_scores(targets, rows, Rng(1), 10, weights),
                         ("[classification_scores] " + error).c_str(), std::invalid_argument);
    CHECK_THROWS_WITH_AS(train::regression_scores(numbers, numbers, Rng(1), 10, weights),
                         ("[regression_scores] " + error).c_str(), std::invalid_argument);
  };
  check(Tensor::ones({3}), "weights must be f32 or f64, one for each of 2 samples, got f32 (3)");
  check(Tensor::ones({2}, DType::i64),
        "weights must be f32 or f64, one for each of 2 samples, got i64 (2)");
  check(Tensor::from<double>({1, -1}), "weights must be finite and 0 or more: sample 1 has -1");
  check(Tensor::from<double>({NAN, 1}), "weights must be finite and 0 or more: sample 0 has nan");
  check(Tensor::from<double>({1, INFINITY}),
        "weights must be finite and 0 or more: sample 1 has inf");
  check(Tensor::zeros({2}), "the weights must have a sum above 0, got 0");
}

TEST_CASE("scores have the same bits with one and two threads") {
  Rng rng(2);
  const Judged classes = random_classes(200, 7, rng);
  const Tensor numbers = randn({200}, rng), guesses = randn({200}, rng);
  const auto of_classes = [&] {
    return train::classification_scores(classes.targets, classes.outputs, Rng(3));
  };
  const auto of_numbers = [&] { return train::regression_scores(numbers, guesses, Rng(3)); };
  CHECK(same_scores(with_threads(1, of_classes), with_threads(2, of_classes)));
  CHECK(same_scores(with_threads(1, of_numbers), with_threads(2, of_numbers)));
  // Another seed, other draws: of the bootstrap only.
  const std::vector<Score> a = of_classes();
  const std::vector<Score> b =
      train::classification_scores(classes.targets, classes.outputs, Rng(4));
  CHECK(score_named(a, "accuracy").interval.low == score_named(b, "accuracy").interval.low);
  CHECK(score_named(a, "log_loss").interval.low != score_named(b, "log_loss").interval.low);
}

TEST_CASE("scores that are undefined are NaN, with intervals of NaN") {
  const Tensor rows = Tensor::from<double>({0.9, 0.1, 0.8, 0.2, 0.4, 0.6}, {3, 2});
  for (const int64_t samples : {1, 3}) {
    INFO(samples, " samples of one class");
    const std::vector<Score> scores = train::classification_scores(
        Tensor::zeros({samples}, DType::i64), rows.alias({samples, 2}), Rng(1));
    for (const Score& score : scores) {
      INFO(score.name);
      CHECK(std::isnan(score.value) == (score.name == "auc"));
      CHECK(std::isnan(score.interval.low) == (score.name == "auc"));
      CHECK(std::isnan(score.interval.high) == (score.name == "auc"));
    }
    CHECK(score_named(scores, "average_precision").value == 1);
    CHECK(score_named(scores, "matthews").value == 0);
  }
  const Tensor equal = Tensor::full({3}, 0.1, DType::f64);
  const std::vector<Score> of_equal = train::regression_scores(equal, Tensor::ones({3}), Rng(1));
  CHECK(of_equal[1].value == doctest::Approx(0.9));
  CHECK(std::isnan(of_equal[2].value));
  CHECK(std::isnan(of_equal[2].interval.low));

  // A class of one sample isn't in each draw; the draws without it don't count.
  const Tensor one_of_class_1 = Tensor::from<int64_t>({0, 0, 1});
  const Score auc = score_named(train::classification_scores(one_of_class_1, rows, Rng(1)), "auc");
  CHECK(auc.value == 1);
  CHECK(auc.interval.low == 1);
  CHECK(auc.interval.high == 1);

  const Tensor nan = Tensor::from<double>({0.9, 0.1, NAN, NAN, 0.4, 0.6}, {3, 2});
  CHECK(all_undefined(train::classification_scores(one_of_class_1, nan, Rng(1))));
  CHECK(all_undefined(train::regression_scores(equal, Tensor::from<double>({1, NAN, 2}), Rng(1))));
  const train::ScoreDifference difference =
      train::paired_bootstrap(class_targets, "log_loss", one_of_class_1, rows, nan, Rng(1));
  CHECK(std::isnan(difference.value));
  CHECK(std::isnan(difference.interval.low));
  CHECK_FALSE(difference.is_clear());
}

TEST_CASE("a probability of 0 gives an infinite log_loss, and draws without it a finite end") {
  const Tensor rows = Tensor::from<double>({0, 1, 0.5, 0.5, 0.5, 0.5}, {3, 2});
  const std::vector<Score> scores =
      train::classification_scores(Tensor::from<int64_t>({0, 1, 0}), rows, Rng(1));
  const Score log_loss = score_named(scores, "log_loss");
  CHECK(log_loss.value == INFINITY);
  CHECK(log_loss.interval.low == doctest::Approx(std::log(2)));
  CHECK(log_loss.interval.high == INFINITY);
}

TEST_CASE("scores report wrong shapes, types and values") {
  const Tensor targets = Tensor::from<int64_t>({0, 1});
  const Tensor rows = Tensor::from<double>({0.5, 0.5, 0.5, 0.5}, {2, 2});
  CHECK_THROWS_WITH(train::classification_scores(targets, rows.alias({4}), Rng(1)),
                    "[classification_scores] targets must be i64 (N) and probabilities f32 or f64 "
                    "(N, classes), got i64 (2) and f64 (4)");
  CHECK_THROWS_WITH(
      train::classification_scores(Tensor::zeros({0}, DType::i64), Tensor::zeros({0, 2}), Rng(1)),
      "[classification_scores] at least one sample is needed");
  CHECK_THROWS_WITH(train::classification_scores(targets, rows, Rng(1), 0),
                    "[classification_scores] draws must be 1 to 10^6, got 0");
  CHECK_THROWS_WITH(train::regression_scores(rows, rows, Rng(1), 0),
                    "[regression_scores] draws must be 1 to 10^6, got 0");
  CHECK_THROWS_WITH(train::paired_bootstrap(number_targets, "rmse", rows, rows, rows, Rng(1), 0),
                    "[paired_bootstrap] draws must be 1 to 10^6, got 0");
  CHECK_THROWS_WITH(train::classification_scores(Tensor::from<int64_t>({0, 2}), rows, Rng(1)),
                    "[balanced_accuracy] classes must be 0 to 1: sample 1 has 2");
  CHECK_THROWS_WITH(
      train::classification_scores(targets, Tensor::from<double>({2, -1, 3, 1}, {2, 2}), Rng(1)),
      "[log_loss] probability must be 0 to 1: sample 0 has 2");
  CHECK_THROWS_WITH(train::regression_scores(Tensor::zeros({0}), Tensor::zeros({0}), Rng(1)),
                    "[rmse] at least one sample is needed, got (0)");
  CHECK_THROWS_WITH(train::paired_bootstrap(class_targets, "acuracy", targets, rows, rows, Rng(1)),
                    "unknown score 'acuracy': did you mean accuracy?");
  CHECK_THROWS_WITH(
      train::paired_bootstrap(class_targets, "accuracy", targets, rows, rows.alias({1, 4}), Rng(1)),
      "[paired_bootstrap] both models must have outputs of one shape, got (2, 2) and (1, 4)");
  CHECK_THROWS_WITH(train::mcnemar(targets, targets, Tensor::zeros({2})),
                    "[mcnemar] targets and both predictions must be i64 (N), got i64 (2), i64 (2) "
                    "and f32 (2)");
}

TEST_CASE("the table says of each score what is better and how its interval is computed") {
  for (const data::TargetKind kind : {class_targets, label_targets, number_targets})
    for (const auto& entry : train::scores(kind).entries()) {
      INFO(entry.name);
      CHECK_FALSE(entry.help.empty());
      // Fractions of the samples: labels of one sample aren't independent.
      const bool is_share = (entry.name == "accuracy" && kind == class_targets) ||
                            entry.name == "top5_accuracy" || entry.name == "subset_accuracy";
      CHECK((entry.make.interval == train::IntervalKind::wilson) == is_share);
    }
  CHECK(train::scores(class_targets).find("auc").larger_is_better);
  CHECK_FALSE(train::scores(class_targets).find("log-loss").larger_is_better);
  CHECK_FALSE(train::scores(label_targets).find("log-loss").larger_is_better);
  CHECK_FALSE(train::scores(number_targets).find("rmse").larger_is_better);
  CHECK_FALSE(train::scores(number_targets).contains("accuracy"));
  const std::vector<std::string> names = train::score_names();
  CHECK(std::ranges::count(names, "accuracy") == 1);
  for (const char* name : {"top5_accuracy", "subset_accuracy", "r2"})
    CHECK(std::ranges::count(names, name) == 1);
}

TEST_CASE("mcnemar counts what only one of both has right") {
  const Tensor targets = Tensor::from<int64_t>({0, 1, 2, 0, 1, 2, 0, 1});
  const Tensor a = Tensor::from<int64_t>({0, 1, 2, 0, 1, 2, 1, 0});
  const Tensor b = Tensor::from<int64_t>({1, 0, 0, 1, 0, 2, 0, 2});
  const train::McNemar test = train::mcnemar(targets, a, b);
  CHECK(test.only_a == 5);
  CHECK(test.only_b == 1);
  CHECK(test.p_value == doctest::Approx(14.0 / 64));
  CHECK(train::mcnemar(targets, a, a).p_value == 1);
  // Memory behind the samples isn't read.
  const auto first_seven = [](const Tensor& x) { return slice(x, 0, 0, 7); };
  CHECK(train::mcnemar(first_seven(a), first_seven(a), first_seven(targets)).only_a == 1);
}

TEST_CASE("paired_bootstrap finds a small difference that both intervals hide") {
  Rng rng(5);
  const Tensor targets = randn({300}, rng), shared = randn({300}, rng);
  Tensor a = targets.clone(), b = targets.clone();
  for (int64_t i = 0; i < 300; ++i) {
    a.mutable_data<float>()[i] += shared.data<float>()[i];
    b.mutable_data<float>()[i] += 1.05f * shared.data<float>()[i];
  }
  const train::ScoreDifference difference =
      train::paired_bootstrap(number_targets, "rmse", targets, a, b, Rng(6));
  CHECK(difference.value == doctest::Approx(data::rmse(targets, a) - data::rmse(targets, b)));
  CHECK(difference.interval.low < difference.value);
  CHECK(difference.value < difference.interval.high);
  CHECK(difference.is_clear());
  CHECK(difference.interval.high < 0);
  const std::vector<Score> of_a = train::regression_scores(targets, a, Rng(6));
  const std::vector<Score> of_b = train::regression_scores(targets, b, Rng(6));
  CHECK(of_a[0].interval.high > of_b[0].interval.low);

  const train::ScoreDifference none =
      train::paired_bootstrap(number_targets, "r2", targets, a, a, Rng(6));
  CHECK(none.value == 0);
  CHECK(none.interval.low == 0);
  CHECK(none.interval.high == 0);
  CHECK_FALSE(none.is_clear());
}

TEST_CASE("evaluate keeps the outputs of all samples on request") {
  Rng rng(7);
  const data::Dataset dataset = data::spirals({.samples = 50}, rng).test;
  layers::Dense model(2, 3, rng);
  CHECK_FALSE(train::evaluate(model, dataset).outputs.defined());
  const train::Evaluation evaluation =
      train::evaluate(model, dataset, {.batch_size = 3, .keep_outputs = true});
  REQUIRE(evaluation.outputs.shape() == Shape{dataset.size(), 3});
  CHECK(data::predictions(evaluation.outputs).to_vector<int64_t>() ==
        evaluation.predictions.to_vector<int64_t>());
  CHECK(data::log_loss(dataset.labels(), data::probabilities(evaluation.outputs)) ==
        doctest::Approx(evaluation.loss));
}

// Below: 1,000 experiments, each with 500 samples. A share of them is known to ± 1.4 % (95 %).

namespace {

constexpr int64_t experiments = 1000, samples_of_each = 500;

// The share of the experiments in which each of `Count` things holds.
template <std::size_t Count, class Experiment>
std::array<double, Count> shares(uint64_t seed, const Experiment& experiment) {
  std::vector<std::array<bool, Count>> results(experiments);
  parallel_for(experiments, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      Rng rng = Rng(seed).fork(static_cast<uint64_t>(i));
      results[static_cast<std::size_t>(i)] = experiment(rng);
    }
  });
  std::array<double, Count> shares{};
  for (const std::array<bool, Count>& result : results)
    for (std::size_t i = 0; i < Count; ++i) shares[i] += result[i] / double{experiments};
  return shares;
}

bool covers(const std::vector<Score>& scores, const char* name, double truth) {
  const Interval interval = score_named(scores, name).interval;
  return interval.low <= truth && truth <= interval.high;
}

double normal_probability(double x) {
  return std::erfc(-x / std::sqrt(2)) / 2;
}

constexpr double part_of_class_1 = 0.3;

// The model knows a normal variable with the mean ± distance/2 for the classes, and decides by its
// sign: for each class it is right with the probability Φ(distance/2).
Judged normal_classes(double distance, Rng& rng) {
  Tensor targets = Tensor::empty({samples_of_each}, DType::i64);
  Tensor outputs = Tensor::empty({samples_of_each, 2}, DType::f64);
  for (int64_t i = 0; i < samples_of_each; ++i) {
    const bool is_class_1 = rng.uniform() < part_of_class_1;
    const double p = normal_probability(rng.normal() + (is_class_1 ? 0.5 : -0.5) * distance);
    targets.mutable_data<int64_t>()[i] = is_class_1;
    outputs.mutable_data<double>()[2 * i] = 1 - p;
    outputs.mutable_data<double>()[2 * i + 1] = p;
  }
  return {targets, outputs};
}

// F1 of a class that is `part` of the samples, if both classes are right with that probability.
double f1_of_class(double part, double right) {
  const double predicted = part * right + (1 - part) * (1 - right);
  return 2 * part * right / (part + predicted);
}

// Coverage of accuracy, macro F1 and AUC.
std::array<double, 3> coverage_of_classes(uint64_t seed, double distance) {
  const double right = normal_probability(distance / 2);
  const double f1 =
      (f1_of_class(part_of_class_1, right) + f1_of_class(1 - part_of_class_1, right)) / 2;
  const double area = normal_probability(distance / std::sqrt(2));
  return shares<3>(seed, [=](Rng& rng) {
    const Judged judged = normal_classes(distance, rng);
    const std::vector<Score> scores =
        train::classification_scores(judged.targets, judged.outputs, rng.fork(1));
    return std::array<bool, 3>{covers(scores, "accuracy", right), covers(scores, "macro_f1", f1),
                               covers(scores, "auc", area)};
  });
}

// Two models that are equally often right: 80 %, and a part of their mistakes is shared.
struct EqualModels {
  Tensor targets, a, b;  // a and b: probabilities of 0 and 1
};

EqualModels equal_models(double shared, Rng& rng) {
  EqualModels result{Tensor::zeros({samples_of_each}, DType::i64),
                     Tensor::zeros({samples_of_each, 2}), Tensor::zeros({samples_of_each, 2})};
  for (int64_t i = 0; i < samples_of_each; ++i) {
    const bool is_shared = rng.uniform() < shared;
    const bool a_is_right = rng.uniform() < 0.8;
    const bool b_is_right = is_shared ? a_is_right : rng.uniform() < 0.8;
    result.a.mutable_data<float>()[2 * i + (a_is_right ? 0 : 1)] = 1;
    result.b.mutable_data<float>()[2 * i + (b_is_right ? 0 : 1)] = 1;
  }
  return result;
}

// How often the paired bootstrap and McNemar's test say that the equal models differ.
std::array<double, 2> false_alarms(uint64_t seed, double shared) {
  return shares<2>(seed, [=](Rng& rng) {
    const auto [targets, a, b] = equal_models(shared, rng);
    return std::array<bool, 2>{
        train::paired_bootstrap(class_targets, "accuracy", targets, a, b, rng.fork(1)).is_clear(),
        train::mcnemar(targets, data::predictions(a), data::predictions(b)).p_value < 0.05};
  });
}

}  // namespace

TEST_CASE("intervals of accuracy, macro F1 and AUC cover the truth" * doctest::test_suite("slow")) {
  for (const double distance : {0.0, 2 * 1.2815515655}) {  // accuracies of 50 and 90 %
    const auto [accuracy, macro_f1, auc] = coverage_of_classes(11, distance);
    INFO("distance ", distance);
    CHECK(accuracy >= 0.93);
    CHECK(accuracy <= 0.97);
    CHECK(macro_f1 >= 0.90);
    CHECK(auc >= 0.90);
  }
}

TEST_CASE("intervals of RMSE and R² cover the truth" * doctest::test_suite("slow")) {
  const auto [rmse, r2] = shares<2>(12, [](Rng& rng) {
    Tensor targets = Tensor::empty({samples_of_each}, DType::f64);
    Tensor predictions = Tensor::empty({samples_of_each}, DType::f64);
    for (int64_t i = 0; i < samples_of_each; ++i) {
      targets.mutable_data<double>()[i] = 2 * rng.normal();
      predictions.mutable_data<double>()[i] = targets.data<double>()[i] + rng.normal();
    }
    const std::vector<Score> scores = train::regression_scores(targets, predictions, rng.fork(1));
    return std::array<bool, 2>{covers(scores, "rmse", 1), covers(scores, "r2", 0.75)};
  });
  CHECK(rmse >= 0.93);
  CHECK(rmse <= 0.97);
  CHECK(r2 >= 0.90);
}

TEST_CASE("equally good models seldom differ clearly" * doctest::test_suite("slow")) {
  for (const double shared : {0.0, 0.7}) {
    const auto [bootstrap_share, mcnemar_share] = false_alarms(13, shared);
    INFO("shared mistakes ", shared);
    CHECK(bootstrap_share >= 0.035);
    CHECK(bootstrap_share <= 0.065);
    CHECK(mcnemar_share <= 0.065);
  }
  const auto [of_numbers] = shares<1>(15, [](Rng& rng) {
    const Tensor targets = randn({samples_of_each}, rng), shared = randn({samples_of_each}, rng);
    const Tensor a = targets + shared + randn({samples_of_each}, rng);
    const Tensor b = targets + shared + randn({samples_of_each}, rng);
    return std::array<bool, 1>{
        train::paired_bootstrap(number_targets, "rmse", targets, a, b, rng.fork(1)).is_clear()};
  });
  CHECK(of_numbers >= 0.035);
  CHECK(of_numbers <= 0.065);
}
