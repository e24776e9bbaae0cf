#include "apps/gradus/report/model_pictures.hpp"

#include <cmath>

#include "core/math.hpp"
#include "core/ops/shape.hpp"
#include "core/text/printable.hpp"
#include "data/files/image.hpp"
#include "layers/convolution.hpp"
#include "layers/dense.hpp"

namespace gradus::app {
namespace {

constexpr int64_t most_filters = 64;
constexpr double tile_height = 48, least_width = 24;
// For misclassified images.
constexpr std::size_t most_tiles = 40;
constexpr double tile_extent = 84;
constexpr double named_tile_extent = 144;  // wide enough for two names
constexpr std::size_t longest_name = 10;

// (filters, C, H, W); undefined if there are none.
Tensor first_filters(layers::Module& model, const Shape& input) {
  if (input.rank() != 3) return {};
  const layers::Members members(model);
  for (const auto& [path, module] : members.modules()) {
    if (const auto* convolution = dynamic_cast<const layers::Conv2d*>(module))
      return convolution->weight.detach();
    if (const auto* dense = dynamic_cast<const layers::Dense*>(module)) {
      if (dense->weight.size(1) != input.numel()) return {};
      return reshape(dense->weight.detach(), input.inserted(0, dense->weight.size(0)));
    }
    if (layers::Members(*module).modules().size() == 1 && module->parameter_count() > 0) return {};
  }
  return {};
}

double largest_size(const Tensor& values) {
  double result = 0;
  for (const float value : std::span(values.data<float>(), values.numel()))
    result = std::max(result, std::abs(static_cast<double>(value)));
  return result;
}

// The channels of (C, H, W) side by side, (H, C·W).
Tensor channels_in_a_row(const Tensor& filter) {
  const int order[] = {1, 0, 2};
  return reshape(permute(filter, order), {filter.size(1), filter.size(0) * filter.size(2)});
}

using pictures::AxisScale;

constexpr std::size_t bins = 48;
constexpr double most_deviations = 4;

// The range of an axis.
struct ValueSpan {
  double low = INFINITY, high = -INFINITY;

  void include(const ValueSpan& other) {
    low = std::min(low, other.low);
    high = std::max(high, other.high);
  }
  // With a margin if all values are equal up to rounding.
  ValueSpan widened() const {
    const bool narrow = high - low <= 1e-9 * std::max(std::abs(low), std::abs(high));
    return narrow || low == high ? ValueSpan{low - 0.5, high + 0.5} : *this;
  }
};

// Moments of the places of a tensor's values on an axis; values without a place are left out.
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

double place(double value, AxisScale scale) {
  return pictures::placed(scale == AxisScale::linear ? value : std::abs(value), scale);
}

ValueMoments moments(const Tensor& values, AxisScale scale) {
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

pictures::Histogram histogram(const std::string& name, const Tensor& values, AxisScale scale,
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

std::string note(const ValueMoments& moments, const Tensor& values, AxisScale scale) {
  const double zeros =
      100 * static_cast<double>(moments.zeros) / static_cast<double>(values.numel());
  const std::string zero_text = zeros >= 0.5 ? fmt::format(", {:.0f} % zero", zeros) : "";
  if (scale == AxisScale::linear)
    return fmt::format("mean {:.2g}, deviation {:.2g}{}", moments.mean(), moments.deviation(),
                       zero_text);
  return fmt::format("geometric mean {:.1e}{}", math::pow(10, moments.mean()), zero_text);
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

// Without biases and factors of normalizations.
NamedTensors matrices(const NamedTensors& tensors) {
  NamedTensors result;
  for (const auto& [name, tensor] : tensors)
    if (tensor.rank() >= 2) result.emplace_back(name, tensor);
  return result;
}

bool is_picture(const Shape& sample) {
  return sample.rank() == 3 && (sample[0] == 1 || sample[0] == 3);
}

}  // namespace

std::optional<pictures::Sheet> first_layer_filters(layers::Module& model, const Shape& input) {
  const NoGrad no_grad;
  const Tensor all = first_filters(model, input);
  if (!all.defined()) return std::nullopt;
  const int64_t shown = std::min(most_filters, all.size(0));
  const Tensor filters = row_view(all, 0, shown);
  const double limit = largest_size(filters);
  const double aspect =
      static_cast<double>(filters.size(1) * filters.size(3)) / static_cast<double>(filters.size(2));
  pictures::Sheet sheet{
      .title = "Filters of the first layer",
      .subtitle = fmt::format(
          "{} of {}, each {}×{}{}", shown, all.size(0), filters.size(2), filters.size(3),
          filters.size(1) == 1 ? "" : fmt::format(", {} channels side by side", filters.size(1))),
      .tile_width = std::max(least_width, tile_height * aspect),
      .tile_height = tile_height,
      .columns = static_cast<std::size_t>(std::clamp(16 / aspect, 2., 16.)),
      .tiles = {},
      .bar = pictures::diverging_bar(limit)};
  for (int64_t i = 0; i < shown; ++i) {
    const Tensor filter = filters[i];
    sheet.tiles.push_back(
        {.png = data::to_png(pictures::diverging_colours(channels_in_a_row(filter), limit)),
         .tooltip = fmt::format("filter {}", i)});
  }
  return sheet;
}

std::vector<pictures::HistogramGroup> layer_histograms(const train::Diagnostics& diagnostics) {
  std::vector<pictures::HistogramGroup> groups;
  add_group(groups, {"Weights", "value"}, matrices(diagnostics.weights), true);
  add_group(groups, {"Activations", "output of the layer, each with its own axis"},
            diagnostics.activations, false);
  add_group(groups, {"Gradients", "absolute value of ∂loss/∂weight", AxisScale::logarithmic},
            matrices(diagnostics.gradients), true);
  return groups;
}

std::optional<pictures::Sheet> mistake_sheet(const data::Dataset& dataset,
                                             const std::vector<train::Mistake>& mistakes) {
  const data::Dataset raw = dataset.normalized({});
  const Shape shape = raw.sample_shape();
  if (mistakes.empty() || !is_picture(shape)) return std::nullopt;
  std::vector<int64_t> samples;
  for (const train::Mistake& mistake :
       std::span(mistakes).first(std::min(mistakes.size(), most_tiles)))
    samples.push_back(mistake.sample);
  const data::Batch batch = raw.batch(samples);
  const double aspect = static_cast<double>(shape[2]) / static_cast<double>(shape[1]);
  const bool has_names = !dataset.target_names().empty();
  const double tile_width = has_names ? named_tile_extent : tile_extent;
  const auto name_of = [&](int64_t c) { return printable(dataset.target_name(c), longest_name); };
  pictures::Sheet sheet{
      .title = "Misclassified images",
      .subtitle = fmt::format("the most confident {} of {}: class → prediction, its probability",
                              batch.targets.numel(), mistakes.size()),
      .tile_width = tile_width,
      .tile_height = tile_width / aspect,
      .columns = std::size_t{has_names ? 6U : 10U},
      .tiles = {}};
  for (int64_t i = 0; i < batch.targets.numel(); ++i) {
    const train::Mistake& mistake = mistakes[static_cast<std::size_t>(i)];
    sheet.tiles.push_back(
        {.png = data::to_png(reshape(batch.inputs[i], shape)),
         .caption = fmt::format("{} → {}", name_of(mistake.truth), name_of(mistake.guess)),
         .note = fmt::format("{:.1f} %", 100 * mistake.probability),
         .tooltip =
             fmt::format("sample {}: {} taken for {}", mistake.sample,
                         dataset.target_name(mistake.truth), dataset.target_name(mistake.guess))});
  }
  return sheet;
}

}  // namespace gradus::app
