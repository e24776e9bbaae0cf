#include "train/scores.hpp"

#include <cmath>
#include <numbers>

#include "core/math.hpp"
#include "core/ops/elementwise.hpp"
#include "data/label_metrics.hpp"
#include "data/metrics.hpp"
#include "data/probability_metrics.hpp"
#include "data/regression_metrics.hpp"

namespace gradus::train {
namespace {

namespace resampled = data::resampled;
using data::ResampledMetric;
using RuleEntry = Registry<ScoreRule>::Entry;

constexpr bool larger_is_better = true, smaller_is_better = false;
constexpr IntervalKind wilson = IntervalKind::wilson, by_bootstrap = IntervalKind::bootstrap;

using ClassMetric = ResampledMetric (*)(const Tensor& target, const Tensor& prediction,
                                        int64_t classes);

// A score of the most probable classes.
template <ClassMetric metric>
ResampledMetric of_classes(const Tensor& targets, const Tensor& probabilities) {
  return metric(targets, data::predictions(probabilities), probabilities.size(1));
}

std::vector<RuleEntry> class_rows() {
  return {{"accuracy",
           "fraction of correct predictions",
           {larger_is_better, wilson, 1,
            [](const Tensor& targets, const Tensor& probabilities) {
              return resampled::accuracy(targets, data::predictions(probabilities));
            }}},
          {"balanced_accuracy",
           "mean recall of the classes",
           {larger_is_better, by_bootstrap, 1, of_classes<resampled::balanced_accuracy>}},
          {"macro_f1",
           "mean F1 of the classes",
           {larger_is_better, by_bootstrap, 1, of_classes<resampled::macro_f1>}},
          {"weighted_f1",
           "mean F1 of the classes, by their number",
           {larger_is_better, by_bootstrap, 1, of_classes<resampled::weighted_f1>}},
          {"top5_accuracy",
           "fraction of samples whose class is among the five most probable",
           {larger_is_better, wilson, 6,
            [](const Tensor& targets, const Tensor& probabilities) {
              return resampled::top_k_accuracy(targets, probabilities, 5);
            }}},
          {"log_loss",
           "mean negative logarithm of the class's probability",
           {smaller_is_better, by_bootstrap, 1, resampled::log_loss}},
          {"brier",
           "mean squared error of the probabilities",
           {smaller_is_better, by_bootstrap, 1, resampled::brier}},
          {"calibration_error",
           "mean distance of confidence and accuracy, in 15 bins",
           {smaller_is_better, by_bootstrap, 1,
            [](const Tensor& targets, const Tensor& probabilities) {
              return resampled::expected_calibration_error(targets, probabilities);
            }}},
          {"auc",
           "area under the ROC curve, mean of the classes",
           {larger_is_better, by_bootstrap, 1, resampled::roc_auc}},
          {"average_precision",
           "mean precision over the recalls, mean of the classes",
           {larger_is_better, by_bootstrap, 1, resampled::average_precision}},
          {"matthews",
           "correlation of classes and predictions",
           {larger_is_better, by_bootstrap, 1, of_classes<resampled::matthews>}}};
}

std::vector<RuleEntry> label_rows() {
  return {{"accuracy",
           "fraction of labels that are right",
           {larger_is_better, by_bootstrap, 0, resampled::label_accuracy}},
          {"subset_accuracy",
           "fraction of samples of which all labels are right",
           {larger_is_better, wilson, 0, resampled::subset_accuracy}},
          {"micro_f1",
           "F1 of all labels together",
           {larger_is_better, by_bootstrap, 0, resampled::micro_f1}},
          {"macro_f1",
           "mean F1 of the labels",
           {larger_is_better, by_bootstrap, 0, resampled::macro_f1}},
          {"log_loss",
           "mean negative logarithm of the truth's probability",
           {smaller_is_better, by_bootstrap, 0, resampled::label_log_loss}},
          {"auc",
           "area under the ROC curve, mean of the labels",
           {larger_is_better, by_bootstrap, 0, resampled::macro_auc}},
          {"average_precision",
           "mean precision over the recalls, mean of the labels",
           {larger_is_better, by_bootstrap, 0, resampled::macro_average_precision}}};
}

std::vector<RuleEntry> number_rows() {
  return {
      {"rmse",
       "square root of the mean squared error",
       {smaller_is_better, by_bootstrap, 0, resampled::rmse}},
      {"mae", "mean absolute error", {smaller_is_better, by_bootstrap, 0, resampled::mae}},
      {"r2", "explained part of the variance", {larger_is_better, by_bootstrap, 0, resampled::r2}}};
}

// What measured rows contain: see token_measures.
enum Column : int64_t { nats, scored, characters, correct };

// The sum of one column of measured rows (N, token_measures) over that of another.
ResampledMetric ratio_of(const Tensor& measured, Column above, Column below) {
  return [rows = measured.to_vector<double>(), above, below](std::span<const double> weights) {
    double dividend = 0, divisor = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const double* const row = rows.data() + i * token_measures;
      dividend += weights[i] * row[above];
      divisor += weights[i] * row[below];
    }
    return dividend / divisor;
  };
}

std::vector<RuleEntry> token_rows() {
  return {
      {"accuracy",
       "fraction of tokens that are predicted",
       {larger_is_better, by_bootstrap, 0,
        [](const Tensor&, const Tensor& measured) { return ratio_of(measured, correct, scored); }}},
      {"perplexity",
       "e to the mean negative logarithm of the token's probability",
       {smaller_is_better, by_bootstrap, 0,
        [](const Tensor&, const Tensor& measured) -> ResampledMetric {
          return [ratio = ratio_of(measured, nats, scored)](std::span<const double> weights) {
            return math::exp(ratio(weights));
          };
        }}},
      {"bits_per_character",
       "mean negative binary logarithm of the probability, for each character",
       {smaller_is_better, by_bootstrap, 0,
        [](const Tensor&, const Tensor& measured) -> ResampledMetric {
          return [ratio = ratio_of(measured, nats, characters)](std::span<const double> weights) {
            return ratio(weights) / std::numbers::ln2;
          };
        }}}};
}

bool has_nan(const Tensor& x) {
  return dispatch(x.dtype(), [&]<class T>(T) {
    return std::any_of(x.data<T>(), x.data<T>() + x.numel(),
                       [](T value) { return value != value; });
  });
}

// One for each sample; none where `weights` is undefined.
std::vector<double> weights_of(const char* operation, const Tensor& weights, int64_t samples) {
  if (!weights.defined()) return {};
  require(is_floating(weights.dtype()) && weights.shape() == Shape{samples}, operation,
          "weights must be f32 or f64, one for each of {} samples, got {} {}", samples,
          to_string(weights.dtype()), weights.shape());
  std::vector<double> values = cast(weights, DType::f64).to_vector<double>();
  double sum = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    require(values[i] >= 0 && std::isfinite(values[i]), operation,
            "weights must be finite and 0 or more: sample {} has {}", i, values[i]);
    sum += values[i];
  }
  require(sum > 0, operation, "the weights must have a sum above 0, got {}", sum);
  return values;
}

struct NamedMetric {
  const RuleEntry* entry;
  ResampledMetric metric;
  bool is_resampled;               // its interval is that of the draws
  std::vector<double> draws = {};  // its value for each
};

Interval interval_of(NamedMetric& named, double value, int64_t samples) {
  if (named.is_resampled) return percentile_interval(std::move(named.draws));
  return wilson_interval(std::llround(value * static_cast<double>(samples)), samples);
}

// The scores of all rows for these targets.
std::vector<Score> all_scores(const char* operation, data::TargetKind kind, int64_t classes,
                              const Tensor& targets, const Tensor& outputs, const Rng& rng,
                              int64_t draws, const Tensor& weights) {
  std::vector<NamedMetric> metrics;
  for (const RuleEntry& entry : scores(kind).entries())
    if (classes >= entry.make.fewest_classes)
      metrics.push_back({&entry, entry.make.metric(targets, outputs),
                         weights.defined() || entry.make.interval == IntervalKind::bootstrap});

  const int64_t samples = targets.size(0);
  const std::vector<double> sample_weights = weights_of(operation, weights, samples);
  const bool is_undefined = has_nan(targets) || has_nan(outputs);
  if (!is_undefined) {
    for (NamedMetric& named : metrics) named.draws.resize(static_cast<std::size_t>(draws));
    const auto visit = [&](int64_t draw, std::span<const double> drawn) {
      for (NamedMetric& named : metrics)
        if (named.is_resampled) named.draws[static_cast<std::size_t>(draw)] = named.metric(drawn);
    };
    bootstrap(samples, draws, rng, visit, sample_weights);
  }
  std::vector<Score> result;
  for (NamedMetric& named : metrics) {
    const double value = is_undefined        ? NAN
                         : weights.defined() ? named.metric(sample_weights)
                                             : data::each_once(named.metric, samples);
    result.push_back({named.entry->name, value,
                      std::isnan(value) ? Interval{NAN, NAN} : interval_of(named, value, samples)});
  }
  return result;
}

void require_draws(const char* operation, int64_t draws) {
  require(draws >= 1 && draws <= 1'000'000, operation, "draws must be 1 to 10^6, got {}", draws);
}

}  // namespace

const Registry<ScoreRule>& scores(data::TargetKind kind) {
  static const Registry<ScoreRule> for_classes("score", class_rows()),
      for_labels("score", label_rows()), for_numbers("score", number_rows()),
      for_tokens("score", token_rows());
  return kind == data::TargetKind::classes  ? for_classes
         : kind == data::TargetKind::labels ? for_labels
         : kind == data::TargetKind::tokens ? for_tokens
                                            : for_numbers;
}

std::vector<std::string> score_names() {
  std::vector<std::string> names;
  for (const data::TargetKind kind : {data::TargetKind::classes, data::TargetKind::labels,
                                      data::TargetKind::numbers, data::TargetKind::tokens})
    for (const std::string& name : scores(kind).names())
      if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  return names;
}

std::vector<Score> classification_scores(const Tensor& targets, const Tensor& probabilities,
                                         const Rng& rng, int64_t draws, const Tensor& weights) {
  const char* operation = "classification_scores";
  require(targets.dtype() == DType::i64 && targets.rank() == 1 &&
              is_floating(probabilities.dtype()) && probabilities.rank() == 2 &&
              probabilities.size(0) == targets.size(0) && probabilities.size(1) >= 1,
          operation,
          "targets must be i64 (N) and probabilities f32 or f64 (N, classes), got {} {} and {} {}",
          to_string(targets.dtype()), targets.shape(), to_string(probabilities.dtype()),
          probabilities.shape());
  require(targets.numel() > 0, operation, "at least one sample is needed");
  require_draws(operation, draws);
  return all_scores(operation, data::TargetKind::classes, probabilities.size(1), targets,
                    probabilities, rng, draws, weights);
}

std::vector<Score> label_scores(const Tensor& targets, const Tensor& probabilities, const Rng& rng,
                                int64_t draws, const Tensor& weights) {
  require_draws("label_scores", draws);
  return all_scores("label_scores", data::TargetKind::labels, 0, targets, probabilities, rng, draws,
                    weights);
}

std::vector<Score> regression_scores(const Tensor& targets, const Tensor& predictions,
                                     const Rng& rng, int64_t draws, const Tensor& weights) {
  require_draws("regression_scores", draws);
  return all_scores("regression_scores", data::TargetKind::numbers, 0, targets, predictions, rng,
                    draws, weights);
}

std::vector<Score> token_scores(const Tensor& measured, const Rng& rng, int64_t draws) {
  require(measured.dtype() == DType::f64 && measured.rank() == 2 &&
              measured.size(1) == token_measures && measured.size(0) > 0,
          "token_scores", "measured must be f64 (N, {}), N from 1 on, got {} {}", token_measures,
          to_string(measured.dtype()), measured.shape());
  require_draws("token_scores", draws);
  return all_scores("token_scores", data::TargetKind::tokens, 0, measured, measured, rng, draws,
                    {});
}

McNemar mcnemar(const Tensor& targets, const Tensor& predictions_a, const Tensor& predictions_b) {
  require(targets.dtype() == DType::i64 && predictions_a.dtype() == DType::i64 &&
              predictions_b.dtype() == DType::i64 && targets.rank() == 1 &&
              predictions_a.shape() == targets.shape() && predictions_b.shape() == targets.shape(),
          "mcnemar", "targets and both predictions must be i64 (N), got {} {}, {} {} and {} {}",
          to_string(targets.dtype()), targets.shape(), to_string(predictions_a.dtype()),
          predictions_a.shape(), to_string(predictions_b.dtype()), predictions_b.shape());
  require(targets.numel() > 0, "mcnemar", "at least one sample is needed");
  McNemar result;
  for (int64_t i = 0; i < targets.numel(); ++i) {
    const int64_t target = targets.data<int64_t>()[i];
    const bool a_is_right = predictions_a.data<int64_t>()[i] == target;
    const bool b_is_right = predictions_b.data<int64_t>()[i] == target;
    result.only_a += a_is_right && !b_is_right;
    result.only_b += b_is_right && !a_is_right;
  }
  result.p_value = mcnemar_p_value(result.only_a, result.only_b);
  return result;
}

ScoreDifference paired_bootstrap(data::TargetKind kind, std::string_view score,
                                 const Tensor& targets, const Tensor& a, const Tensor& b,
                                 const Rng& rng, int64_t draws) {
  require_draws("paired_bootstrap", draws);
  const ScoreRule& rule = scores(kind).find(score);
  require(a.shape() == b.shape(), "paired_bootstrap",
          "both models must have outputs of one shape, got {} and {}", a.shape(), b.shape());
  const ResampledMetric metric_a = rule.metric(targets, a), metric_b = rule.metric(targets, b);
  const int64_t samples = targets.size(0);
  ScoreDifference result{NAN, {NAN, NAN}};
  if (has_nan(targets) || has_nan(a) || has_nan(b)) return result;
  result.value = data::each_once(metric_a, samples) - data::each_once(metric_b, samples);
  if (std::isnan(result.value)) return result;
  const auto difference = [&](std::span<const double> counts) {
    return metric_a(counts) - metric_b(counts);
  };
  result.interval = bootstrap_interval(samples, difference, rng, draws);
  return result;
}

}  // namespace gradus::train
