#include "train/mistakes.hpp"

#include <algorithm>

#include "core/ops/reduce.hpp"

namespace gradus::train {

static void fill_probabilities(layers::Module& model, const data::Dataset& wrong,
                               std::vector<Mistake>& mistakes) {
  const auto scope = model.evaluation_scope();
  data::for_each_batch(wrong, 512, [&](int64_t first, const data::Batch& batch) {
    const Tensor probabilities = softmax(model(batch.inputs), 1);
    for (int64_t i = 0; i < probabilities.size(0); ++i) {
      Mistake& mistake = mistakes[static_cast<std::size_t>(first + i)];
      mistake.probability = probabilities.data<float>()[i * probabilities.size(1) + mistake.guess];
    }
  });
}

std::vector<Mistake> find_mistakes(layers::Module& model, const data::Dataset& dataset,
                                   const Tensor& predictions) {
  std::vector<Mistake> result;
  const Tensor labels = dataset.labels();
  for (int64_t i = 0; i < dataset.size(); ++i) {
    const int64_t truth = labels.data<int64_t>()[i], guess = predictions.data<int64_t>()[i];
    if (truth != guess) result.push_back({.sample = i, .truth = truth, .guess = guess});
  }
  if (result.empty()) return result;
  std::vector<int64_t> wrong;
  for (const Mistake& mistake : result) wrong.push_back(mistake.sample);
  fill_probabilities(model, dataset.subset(wrong), result);
  std::ranges::stable_sort(result, std::ranges::greater(), &Mistake::probability);
  return result;
}

}  // namespace gradus::train
