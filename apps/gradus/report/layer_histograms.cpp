#include "apps/gradus/report/layer_histograms.hpp"

#include <algorithm>
#include <cmath>

namespace gradus::app {
namespace {

using pictures::Scale;

constexpr std::size_t bins = 48;
constexpr double most_deviations = 4;

// What an axis shows.
struct ValueSpan {
  double low = INFINITY, high = -INFINITY;

  void include(const ValueSpan& other) {
    low = std::min(low, other.low);
    high = std::max(high, other.high);
  }
  // With room about what is one place, but for rounding.
  ValueSpan widened() const {
    const bool narrow = high - low <= 1e-9 * std::max(std::abs(low), std::abs(high));
    return narrow || low == high ? ValueSpan{low - 0.5, high + 0.5} : *this;
  }
};

// Of the places of a tensor's values on an axis, those that have one.
struct ValueMoments {
  int64_t count = 0, zeros = 0;
  double sum = 0, squares = 0;
  double least = INFINITY, largest = -INFINITY;

  double mean() const { return sum / static_cast<double>(count); }
  double deviation() const {
    const double m = mean();
    return std::sqrt(std::max(0., squares / static_cast<double>(count) - m * m));
  }
  ValueSpan span() const {
    return {std::max(least, mean() - most_deviations * deviation()),
            std::min(largest, mean() + most_deviations * deviation())};
  }
};

double place(double value, Scale scale) {
  return pictures::placed(scale == Scale::linear ? value : std::abs(value), scale);
}

ValueMoments moments(const Tensor& values, Scale scale) {
  ValueMoments result;
  for (const float value : std::span(values.data<float>(), values.numel())) {
    result.zeros += value == 0;
    const double x = place(value, scale);
    if (!std::isfinite(x)) continue;
    result.count += 1;
    result.sum += x;
    result.squares += x * x;
    result.least = std::min(result.least, x);
    result.largest = std::max(result.largest, x);
  }
  return result;
}

pictures::Histogram histogram(const std::string& name, const Tensor& values, Scale scale,
                              const ValueSpan& span) {
  pictures::Histogram result{name, "", span.low, span.high, std::vector<double>(bins)};
  const double one = 1 / static_cast<double>(values.numel());
  const double bins_per_unit = static_cast<double>(bins) / (span.high - span.low);
  for (const float value : std::span(values.data<float>(), values.numel())) {
    const double x = place(value, scale);
    if (value == 0 || !std::isfinite(x)) continue;
    const double bin = std::clamp((x - span.low) * bins_per_unit, 0., bins - 1.);
    result.shares[static_cast<std::size_t>(bin)] += one;
  }
  return result;
}

std::string note(const ValueMoments& moments, const Tensor& values, Scale scale) {
  const double zeros =
      100 * static_cast<double>(moments.zeros) / static_cast<double>(values.numel());
  const std::string zero_text = zeros >= 0.5 ? fmt::format(", {:.0f} % zero", zeros) : "";
  if (scale == Scale::linear)
    return fmt::format("mean {:.2g}, deviation {:.2g}{}", moments.mean(), moments.deviation(),
                       zero_text);
  return fmt::format("typically {:.1e}{}", std::pow(10, moments.mean()), zero_text);
}

void add_group(std::vector<pictures::HistogramGroup>& groups, pictures::HistogramGroup group,
               const NamedTensors& tensors, bool common_axis) {
  std::vector<ValueMoments> all;
  ValueSpan common;
  for (const auto& [name, values] : tensors) {
    all.push_back(moments(values, group.scale));
    if (all.back().count > 0) common.include(all.back().span());
  }
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const auto& [name, values] = tensors[i];
    if (all[i].count == 0) continue;
    const ValueSpan span = (common_axis ? common : all[i].span()).widened();
    group.histograms.push_back(histogram(name, values, group.scale, span));
    group.histograms.back().note = note(all[i], values, group.scale);
  }
  if (!group.histograms.empty()) groups.push_back(std::move(group));
}

// Biases and factors of normalizations are few and of another kind.
NamedTensors matrices(const NamedTensors& tensors) {
  NamedTensors result;
  for (const auto& [name, tensor] : tensors)
    if (tensor.rank() >= 2) result.emplace_back(name, tensor);
  return result;
}

}  // namespace

std::vector<pictures::HistogramGroup> layer_histograms(const train::Diagnostics& diagnostics) {
  std::vector<pictures::HistogramGroup> groups;
  add_group(groups, {"Weights", "value"}, matrices(diagnostics.weights), true);
  add_group(groups, {"Activations", "output of the layer, each on an axis of its own"},
            diagnostics.activations, false);
  add_group(groups,
            {"Gradients", "size of the loss's derivative by each weight", Scale::logarithmic},
            matrices(diagnostics.gradients), true);
  return groups;
}

}  // namespace gradus::app
