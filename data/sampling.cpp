#include "data/sampling.hpp"

#include <algorithm>
#include <numeric>

namespace gradus::data {
namespace {

// `indices` in random order.
std::vector<int64_t> shuffled(const std::vector<int64_t>& indices, Rng& rng) {
  std::vector<int64_t> result;
  for (const int64_t i : rng.permutation(std::ssize(indices)))
    result.push_back(indices[static_cast<std::size_t>(i)]);
  return result;
}

// The samples of each class that occurs, in random order; all samples together for other targets.
std::vector<std::vector<int64_t>> by_class(const Dataset& dataset, Rng& rng) {
  if (dataset.target_kind() != TargetKind::classes) return {rng.permutation(dataset.size())};
  std::vector<std::vector<int64_t>> classes(static_cast<std::size_t>(dataset.classes()));
  const std::vector<int64_t> labels = dataset.labels().to_vector<int64_t>();
  for (std::size_t i = 0; i < labels.size(); ++i)
    classes[static_cast<std::size_t>(labels[i])].push_back(static_cast<int64_t>(i));
  std::erase_if(classes, [](const auto& samples) { return samples.empty(); });
  for (auto& samples : classes) samples = shuffled(samples, rng);
  return classes;
}

// Gives the indices to the test parts in turn.
std::vector<Fold> deal(const std::vector<int64_t>& indices, int64_t k) {
  const auto n = std::ssize(indices);
  require(k >= 2 && k <= n, "k_fold", "k must be 2 to {}, the number of samples, got {}", n, k);
  std::vector<Fold> folds(static_cast<std::size_t>(k));
  for (std::size_t i = 0; i < indices.size(); ++i)
    for (std::size_t fold = 0; fold < folds.size(); ++fold)
      (i % folds.size() == fold ? folds[fold].test : folds[fold].train).push_back(indices[i]);
  return folds;
}

}  // namespace

std::vector<int64_t> balanced_order(const Dataset& dataset, Rng& rng) {
  require(dataset.target_kind() == TargetKind::classes, "balanced_order",
          "the targets must be classes");
  std::vector<std::vector<int64_t>> classes = by_class(dataset, rng);
  std::vector<std::size_t> next(classes.size(), 0);
  std::vector<int64_t> order;
  while (std::ssize(order) < dataset.size())
    for (const int64_t turn : rng.permutation(std::ssize(classes))) {
      auto& samples = classes[static_cast<std::size_t>(turn)];
      std::size_t& place = next[static_cast<std::size_t>(turn)];
      if (place == samples.size()) {
        samples = shuffled(samples, rng);
        place = 0;
      }
      order.push_back(samples[place++]);
    }
  order.resize(static_cast<std::size_t>(dataset.size()));
  return order;
}

std::vector<int64_t> target_counts(const Dataset& dataset) {
  require(dataset.target_kind() != TargetKind::numbers, "target_counts",
          "the targets must be classes, labels or tokens");
  std::vector<int64_t> counts(static_cast<std::size_t>(dataset.target_count()));
  const Tensor targets = dataset.targets();
  if (dataset.target_kind() != TargetKind::labels)
    for (const int64_t label : targets.to_vector<int64_t>()) {
      if (label != not_scored) ++counts[static_cast<std::size_t>(label)];
    }
  else
    for (int64_t i = 0; i < targets.numel(); ++i)
      counts[static_cast<std::size_t>(i) % counts.size()] += targets.data<float>()[i] > 0;
  return counts;
}

std::vector<int64_t> proportional_shares(std::span<const int64_t> sizes, int64_t total) {
  const int64_t all = std::accumulate(sizes.begin(), sizes.end(), int64_t{0});
  std::vector<int64_t> shares, remainders;
  for (const int64_t size : sizes) {
    shares.push_back(size * total / all);
    remainders.push_back(size * total % all);
  }
  std::vector<std::size_t> largest_first(sizes.size());
  std::iota(largest_first.begin(), largest_first.end(), 0);
  std::ranges::stable_sort(largest_first, std::greater(),
                           [&](std::size_t i) { return remainders[i]; });
  const int64_t missing = total - std::accumulate(shares.begin(), shares.end(), int64_t{0});
  for (std::size_t i = 0; i < static_cast<std::size_t>(missing); ++i) ++shares[largest_first[i]];
  return shares;
}

Split stratified_split(const Dataset& dataset, double fraction, Rng& rng) {
  const int64_t held_out = held_out_samples("stratified_split", dataset.size(), fraction);
  const std::vector<std::vector<int64_t>> classes = by_class(dataset, rng);
  std::vector<int64_t> sizes;
  for (const auto& samples : classes) sizes.push_back(std::ssize(samples));
  const std::vector<int64_t> counts = proportional_shares(sizes, held_out);

  std::vector<int64_t> train, test;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const auto middle = classes[i].begin() + counts[i];
    test.insert(test.end(), classes[i].begin(), middle);
    train.insert(train.end(), middle, classes[i].end());
  }
  std::ranges::sort(train);
  std::ranges::sort(test);
  return {dataset.subset(train), dataset.subset(test)};
}

std::vector<Fold> k_fold(int64_t n, int64_t k, Rng& rng) {
  return deal(rng.permutation(n), k);
}

std::vector<Fold> stratified_k_fold(const Dataset& dataset, int64_t k, Rng& rng) {
  std::vector<int64_t> indices;
  for (const auto& samples : by_class(dataset, rng))
    indices.insert(indices.end(), samples.begin(), samples.end());
  return deal(indices, k);
}

}  // namespace gradus::data
