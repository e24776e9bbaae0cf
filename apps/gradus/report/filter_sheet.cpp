#include "apps/gradus/report/filter_sheet.hpp"

#include <algorithm>
#include <cmath>

#include "core/ops/shape.hpp"
#include "data/files/image.hpp"
#include "layers/convolution.hpp"
#include "layers/dense.hpp"

namespace gradus::app {
namespace {

constexpr int64_t most_filters = 64;
constexpr double tile_height = 48, least_width = 24;

// (filters, C, H, W); undefined where there are none to see.
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

// The channels of (C, H, W) beside each other, (H, C·W).
Tensor channels_in_a_row(const Tensor& filter) {
  const int order[] = {1, 0, 2};
  return reshape(permute(filter, order), {filter.size(1), filter.size(0) * filter.size(2)});
}

}  // namespace

std::optional<pictures::Sheet> first_layer_filters(layers::Module& model, const Shape& input) {
  const NoGrad no_grad;
  const Tensor all = first_filters(model, input);
  if (!all) return std::nullopt;
  const int64_t shown = std::min(most_filters, all.size(0));
  const Tensor filters = slice(all, 0, 0, shown);
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
    const Tensor filter = reshape(slice(filters, 0, i, i + 1), filters.shape().without(0));
    sheet.tiles.push_back(
        {.png = data::to_png(pictures::diverging_colours(channels_in_a_row(filter), limit)),
         .tooltip = fmt::format("filter {}", i)});
  }
  return sheet;
}

}  // namespace gradus::app
