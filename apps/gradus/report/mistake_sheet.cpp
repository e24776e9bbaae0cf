#include "apps/gradus/report/mistake_sheet.hpp"

#include <algorithm>
#include <span>

#include "core/ops/shape.hpp"
#include "data/files/image.hpp"

namespace gradus::app {
namespace {

constexpr std::size_t most_tiles = 40;
constexpr double tile_extent = 84;

bool is_picture(const Shape& sample) {
  return sample.rank() == 3 && (sample[0] == 1 || sample[0] == 3);
}

}  // namespace

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
  pictures::Sheet sheet{
      .title = "Misclassified images",
      .subtitle = fmt::format("the surest {} of {}: class → guess, probability of the guess",
                              batch.targets.numel(), mistakes.size()),
      .tile_width = tile_extent,
      .tile_height = tile_extent / aspect,
      .columns = 10,
      .tiles = {}};
  for (int64_t i = 0; i < batch.targets.numel(); ++i) {
    const train::Mistake& mistake = mistakes[static_cast<std::size_t>(i)];
    sheet.tiles.push_back({.png = data::to_png(reshape(slice(batch.inputs, 0, i, i + 1), shape)),
                           .caption = fmt::format("{} → {}", mistake.truth, mistake.guess),
                           .note = fmt::format("{:.1f} %", 100 * mistake.probability),
                           .tooltip = fmt::format("sample {}: {} taken for {}", mistake.sample,
                                                  mistake.truth, mistake.guess)});
  }
  return sheet;
}

}  // namespace gradus::app
