#include "apps/gradus/report/score_pictures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "apps/pictures/thinning.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/shape.hpp"
#include "data/probability_metrics.hpp"

namespace gradus::app {
namespace {

using pictures::Chart;
using pictures::Mark;
using pictures::Series;

constexpr double square = 396, low = 90;  // heights
constexpr pictures::AxisRange unit{0, 1, false};
constexpr std::size_t grey_colour = 5;
constexpr std::size_t most_curve_points = 500, most_classes = 10, worst_classes = 3;
constexpr std::size_t confidence_bins = 15;

Series diagonal(const char* name) {
  return {name, {0, 1}, {0, 1}, Mark::faint, grey_colour};
}

// One class against the rest.
struct OneClass {
  Tensor is_positive, scores;  // i64 (N), f64 (N)

  OneClass(const Tensor& targets, const Tensor& probabilities, int64_t c)
      : is_positive(Tensor::empty(targets.shape(), DType::i64)),
        scores(cast(reshape(slice(probabilities, 1, c, c + 1), targets.shape()), DType::f64)) {
    std::transform(targets.data<int64_t>(), targets.data<int64_t>() + targets.numel(),
                   is_positive.mutable_data<int64_t>(),
                   [&](int64_t target) { return target == c; });
  }
};

// The samples whose score is at least a threshold.
struct Accepted {
  double positives = 0, negatives = 0;
};

// For each threshold from the highest on.
std::vector<Accepted> accepted(const OneClass& one) {
  std::vector<std::pair<double, bool>> order;
  for (int64_t i = 0; i < one.scores.numel(); ++i)
    order.emplace_back(one.scores.data<double>()[i], one.is_positive.data<int64_t>()[i] == 1);
  std::ranges::sort(order, std::ranges::greater());
  std::vector<Accepted> result;
  Accepted now;
  for (std::size_t i = 0; i < order.size(); ++i) {
    ++(order[i].second ? now.positives : now.negatives);
    if (i + 1 == order.size() || order[i + 1].first != order[i].first) result.push_back(now);
  }
  return result;
}

// A kind of curve, with the metric that is the area below it.
struct CurveKind {
  const char *title, *mean, *area, *x_label, *y_label;
  double (*metric)(const Tensor& target, const Tensor& score);
  void (*add)(Series& curve, const Accepted& before, const Accepted& now, const Accepted& all);
};

Series curve_of(const CurveKind& kind, const OneClass& one) {
  Series curve;
  const std::vector<Accepted> thresholds = accepted(one);
  Accepted before;
  for (const Accepted& now : thresholds) {
    kind.add(curve, before, now, thresholds.back());
    before = now;
  }
  return simplified(curve, most_curve_points);
}

double height_at(const Series& curve, double x) {
  const auto after = std::ranges::upper_bound(curve.x, x);
  if (after == curve.x.end()) return curve.y.back();
  if (after == curve.x.begin()) return curve.y.front();
  const auto i = static_cast<std::size_t>(after - curve.x.begin());
  const double part = (x - curve.x[i - 1]) / (curve.x[i] - curve.x[i - 1]);
  return curve.y[i - 1] + part * (curve.y[i] - curve.y[i - 1]);
}

Series mean_of(const std::vector<Series>& curves, const std::string& name) {
  Series mean{name, {0}, {0}};
  const double share = 1 / static_cast<double>(curves.size());
  for (const Series& curve : curves) mean.y[0] += share * curve.y[0];
  for (std::size_t i = 0; i < most_curve_points; ++i) {
    mean.add(static_cast<double>(i) / (most_curve_points - 1), 0);
    for (const Series& curve : curves) mean.y.back() += share * height_at(curve, mean.x.back());
  }
  return mean;
}

std::optional<Chart> draw_curves(const CurveKind& kind, const Tensor& targets,
                                 const Tensor& probabilities,
                                 const std::vector<std::string>& names) {
  std::vector<int64_t> classes = targets.to_vector<int64_t>();
  std::ranges::sort(classes);
  classes.erase(std::unique(classes.begin(), classes.end()), classes.end());
  if (classes.size() < 2) return std::nullopt;
  const double mean = kind.metric(targets, probabilities);
  if (std::isnan(mean)) return std::nullopt;
  const bool is_binary = probabilities.size(1) == 2;
  if (is_binary) classes = {1};

  std::vector<Series> curves;
  std::vector<double> areas;
  for (const int64_t c : classes) {
    const OneClass one(targets, probabilities, c);
    areas.push_back(kind.metric(one.is_positive, one.scores));
    curves.push_back(curve_of(kind, one));
    curves.back().name =
        fmt::format("{}: {}{:.4f}",
                    names.empty() ? fmt::format("class {}", c) : names[static_cast<std::size_t>(c)],
                    is_binary ? kind.area : "", areas.back());
    curves.back().mark = is_binary ? Mark::line : Mark::thin;
  }
  const std::string mean_text = fmt::format(", {} {:.4f}", kind.mean, mean);
  Chart chart{.title = kind.title + (is_binary ? "" : mean_text),
              .x_label = kind.x_label,
              .y_label = kind.y_label,
              .x_range = unit,
              .y_range = unit,
              .plot_height = square};
  std::vector<std::size_t> shown(curves.size());
  for (std::size_t i = 0; i < shown.size(); ++i) shown[i] = i;
  if (curves.size() > most_classes) {
    chart.series.push_back(mean_of(curves, fmt::format("mean of {} classes", curves.size())));
    std::ranges::stable_sort(shown, {}, [&](std::size_t i) { return areas[i]; });
    shown.resize(worst_classes);
  }
  for (const std::size_t i : shown) chart.series.push_back(curves[i]);
  return chart;
}

void add_to_roc(Series& curve, const Accepted&, const Accepted& now, const Accepted& all) {
  if (curve.x.empty()) curve.add(0, 0);
  curve.add(now.negatives / all.negatives, now.positives / all.positives);
}

void add_to_precision_recall(Series& curve, const Accepted& before, const Accepted& now,
                             const Accepted& all) {
  if (now.positives == before.positives) return;
  const double precision = now.positives / (now.positives + now.negatives);
  curve.add(before.positives / all.positives, precision);
  curve.add(now.positives / all.positives, precision);
}

}  // namespace

std::vector<Chart> reliability(const Tensor& targets, const Tensor& probabilities) {
  const double error = data::expected_calibration_error(targets, probabilities, confidence_bins);
  if (std::isnan(error)) return {};
  const std::vector<double> values = cast(probabilities, DType::f64).to_vector<double>();
  const auto classes = static_cast<std::size_t>(probabilities.size(1));
  std::array<double, confidence_bins> samples{}, right{}, confidence{};
  for (std::size_t i = 0; i * classes < values.size(); ++i) {
    const auto row = std::span(values).subspan(i * classes, classes);
    const auto largest = std::ranges::max_element(row);
    const auto bin =
        std::min(confidence_bins - 1, static_cast<std::size_t>(*largest * double{confidence_bins}));
    ++samples[bin];
    confidence[bin] += *largest;
    right[bin] += largest - row.begin() == targets.data<int64_t>()[i];
  }
  Series accuracy{"accuracy of a bin over its mean confidence", {}, {}, Mark::line, 0};
  Series shares{"samples", {}, {}, Mark::bars};
  for (std::size_t bin = 0; bin < confidence_bins; ++bin) {
    const double percent = 100 * samples[bin] / static_cast<double>(targets.numel());
    shares.add((static_cast<double>(bin) + 0.5) / confidence_bins, percent);
    if (samples[bin] > 0) accuracy.add(confidence[bin] / samples[bin], right[bin] / samples[bin]);
  }
  return {{.title = fmt::format("Reliability, expected calibration error {:.4f}", error),
           .x_label = "confidence",
           .y_label = "accuracy",
           .series = {diagonal("perfect"), accuracy},
           .plot_height = square},
          {.title = "How often each confidence occurs",
           .x_label = "confidence",
           .y_label = "samples (%)",
           .series = {shares},
           .plot_height = low}};
}

std::optional<Chart> roc(const Tensor& targets, const Tensor& probabilities,
                         const std::vector<std::string>& names) {
  const CurveKind kind{.title = "Receiver operating characteristic",
                       .mean = "mean AUC",
                       .area = "AUC ",
                       .x_label = "false positive rate",
                       .y_label = "true positive rate",
                       .metric = data::roc_auc,
                       .add = add_to_roc};
  std::optional<Chart> chart = draw_curves(kind, targets, probabilities, names);
  if (chart) chart->series.push_back(diagonal("chance"));
  return chart;
}

std::optional<Chart> precision_recall(const Tensor& targets, const Tensor& probabilities,
                                      const std::vector<std::string>& names) {
  return draw_curves({.title = "Precision and recall",
                      .mean = "mean average precision",
                      .area = "average precision ",
                      .x_label = "recall",
                      .y_label = "precision",
                      .metric = data::average_precision,
                      .add = add_to_precision_recall},
                     targets, probabilities, names);
}

}  // namespace gradus::app
