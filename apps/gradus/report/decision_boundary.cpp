#include "apps/gradus/report/decision_boundary.hpp"

#include <algorithm>

#include "apps/pictures/blocks.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "data/files/image.hpp"

namespace gradus::app {
namespace {

constexpr std::size_t most_panels = 6;
constexpr int64_t grid = 60, most_dots = 400;
constexpr double edge = 0.08;  // around the samples, as a part of their range

// The range of a feature with a margin.
pictures::AxisRange range_of(const Tensor& samples, int64_t feature) {
  pictures::AxisRange range;
  range.whole = false;
  for (int64_t i = 0; i < samples.size(0); ++i) range.add(samples.data<float>()[2 * i + feature]);
  const double room = edge * (range.high - range.low);
  const double least = std::max(1e-6, 1e-3 * std::abs(range.low));  // if all values are equal
  constexpr double largest = std::numeric_limits<float>::max();
  range.low = std::max(-largest, range.low - std::max(room, least));
  range.high = std::min(largest, range.high + std::max(room, least));
  return range;
}

// The centres of the cells of a grid, from the upper left one, row by row.
Tensor cell_centres(const pictures::AxisRange& x, const pictures::AxisRange& y) {
  Tensor result = Tensor::empty({grid * grid, 2});
  float* at = result.mutable_data<float>();
  for (int64_t row = 0; row < grid; ++row)
    for (int64_t column = 0; column < grid; ++column) {
      *at++ =
          static_cast<float>(x.low + (x.high - x.low) * (0.5 + static_cast<double>(column)) / grid);
      *at++ =
          static_cast<float>(y.high - (y.high - y.low) * (0.5 + static_cast<double>(row)) / grid);
    }
  return result;
}

std::string name_of(int64_t epoch) {
  return epoch == 0 ? "initial weights" : fmt::format("epoch {}", epoch);
}

}  // namespace

bool DecisionBoundary::exists_for(const data::Dataset& dataset) {
  return dataset.target_kind() == data::TargetKind::classes &&
         dataset.normalized({}).sample_shape() == Shape{2};
}

DecisionBoundary::DecisionBoundary(const data::Dataset& train, int64_t epochs) {
  const data::Dataset raw = train.normalized({});
  const data::Batch all = raw.batch(0, raw.size());
  axes_and_points_ = {.title = "Decision boundary",
                      .x_label = "feature 1",
                      .y_label = "feature 2",
                      .classes = train.classes(),
                      .x = range_of(all.inputs, 0),
                      .y = range_of(all.inputs, 1)};
  places_ = train.normalization()(cell_centres(axes_and_points_.x, axes_and_points_.y));
  // In a random order, since the classes may take turns.
  std::vector<int64_t> order = Rng(0).permutation(raw.size());
  order.resize(static_cast<std::size_t>(std::min(raw.size(), most_dots)));
  for (const int64_t i : order)
    axes_and_points_.points.push_back({all.inputs.data<float>()[2 * i],
                                       all.inputs.data<float>()[2 * i + 1],
                                       all.targets.data<int64_t>()[i]});
  for (const std::size_t epoch :
       pictures::spread_evenly(static_cast<std::size_t>(epochs) + 1, most_panels))
    if (static_cast<int64_t>(epoch) < epochs) chosen_.push_back(static_cast<int64_t>(epoch));
}

bool DecisionBoundary::is_chosen(int64_t epoch) const {
  return std::ranges::find(chosen_, epoch) != chosen_.end();
}

void DecisionBoundary::record(layers::Module& model, int64_t epoch) {
  snapshots_.push_back({epoch, draw(model)});
}

pictures::Regions DecisionBoundary::picture(layers::Module& model, int64_t epoch) const {
  pictures::Regions result = axes_and_points_;
  const bool is_whole = chosen_.empty() || (!snapshots_.empty() && snapshots_[0].epoch == 0);
  if (!is_whole) result.title += " since the run was resumed";
  for (const Snapshot& snapshot : snapshots_)
    if (snapshot.epoch != epoch) result.panels.push_back({name_of(snapshot.epoch), snapshot.png});
  result.panels.push_back({fmt::format("result: {}", name_of(epoch)), draw(model)});
  return result;
}

std::string DecisionBoundary::draw(layers::Module& model) const {
  const auto scope = model.evaluation_scope();
  const Tensor probabilities = softmax(model(places_), 1);
  return data::to_png(
      pictures::region_colours(reshape(probabilities, {grid, grid, probabilities.size(1)})));
}

}  // namespace gradus::app
