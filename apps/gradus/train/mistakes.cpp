#include "apps/gradus/train/mistakes.hpp"

#include <algorithm>

#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "data/files/image.hpp"

namespace gradus::app {
namespace {

constexpr int64_t mistakes_at_once = 512;
constexpr std::size_t most_tiles = 40;
constexpr double tile_extent = 84;

bool is_picture(const Shape& sample) {
  return sample.rank() == 3 && (sample[0] == 1 || sample[0] == 3);
}

std::vector<int64_t> samples(const std::vector<Mistake>& mistakes, std::size_t most) {
  std::vector<int64_t> result;
  for (std::size_t i = 0; i < std::min(most, mistakes.size()); ++i)
    result.push_back(mistakes[i].sample);
  return result;
}

void fill_probabilities(layers::Module& model, const data::Dataset& wrong,
                        std::vector<Mistake>& mistakes) {
  const auto scope = model.evaluation_scope();
  for (int64_t first = 0; first < wrong.size(); first += mistakes_at_once) {
    const int64_t count = std::min(mistakes_at_once, wrong.size() - first);
    const Tensor probabilities = softmax(model(wrong.batch(first, count).inputs), 1);
    for (int64_t i = 0; i < count; ++i) {
      Mistake& mistake = mistakes[static_cast<std::size_t>(first + i)];
      mistake.probability = probabilities.data<float>()[i * probabilities.size(1) + mistake.guess];
    }
  }
}

}  // namespace

std::vector<Mistake> find_mistakes(layers::Module& model, const data::Dataset& dataset,
                                   const Tensor& predictions) {
  std::vector<Mistake> result;
  const Tensor labels = dataset.labels();
  for (int64_t i = 0; i < dataset.size(); ++i) {
    const int64_t truth = labels.data<int64_t>()[i], guess = predictions.data<int64_t>()[i];
    if (truth != guess) result.push_back({.sample = i, .truth = truth, .guess = guess});
  }
  if (result.empty()) return result;
  fill_probabilities(model, dataset.subset(samples(result, result.size())), result);
  std::ranges::stable_sort(result, std::ranges::greater(), &Mistake::probability);
  return result;
}

std::optional<pictures::Sheet> mistake_sheet(const data::Dataset& dataset,
                                             const std::vector<Mistake>& mistakes) {
  const data::Dataset raw = dataset.normalized({});
  const Shape shape = raw.sample_shape();
  if (mistakes.empty() || !is_picture(shape)) return std::nullopt;
  const data::Batch batch = raw.batch(samples(mistakes, most_tiles));
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
    const Mistake& mistake = mistakes[static_cast<std::size_t>(i)];
    sheet.tiles.push_back({.png = data::to_png(reshape(slice(batch.inputs, 0, i, i + 1), shape)),
                           .caption = fmt::format("{} → {}", mistake.truth, mistake.guess),
                           .note = fmt::format("{:.1f} %", 100 * mistake.probability),
                           .tooltip = fmt::format("sample {}: {} taken for {}", mistake.sample,
                                                  mistake.truth, mistake.guess)});
  }
  return sheet;
}

}  // namespace gradus::app
