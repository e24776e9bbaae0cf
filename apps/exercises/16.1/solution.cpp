// Exercise 16.1: folds with the classes in proportion.
#include <gradus.hpp>

namespace gd = gradus;

// The fold, 0 … k − 1, of each sample, for a cross-validation: a random one, but each class is
// spread evenly, so that its numbers in two folds differ by at most 1. The sizes of two folds
// differ by at most 1 too. labels: the class of each sample. rng.permutation(n) is the numbers
// 0 … n − 1 in random order.
std::vector<int64_t> folds(const std::vector<int64_t>& labels, int64_t k, gd::Rng& rng) {
  std::map<int64_t, std::vector<int64_t>> of_class;
  for (const int64_t i : rng.permutation(static_cast<int64_t>(labels.size())))
    of_class[labels[i]].push_back(i);
  std::vector<int64_t> result(labels.size());
  int64_t next = 0;  // the folds take turns; a class begins where the one before it ended
  for (const auto& [label, samples] : of_class)
    for (const int64_t i : samples) result[i] = next++ % k;
  return result;
}

// The samples that are trained on when this fold is the one that is tested: their indices, in
// order.
std::vector<int64_t> training_part(const std::vector<int64_t>& fold_of, int64_t fold) {
  std::vector<int64_t> result;
  for (std::size_t i = 0; i < fold_of.size(); ++i)
    if (fold_of[i] != fold) result.push_back(static_cast<int64_t>(i));
  return result;
}
