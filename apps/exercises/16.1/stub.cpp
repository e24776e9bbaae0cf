// Exercise 16.1: folds with the classes in proportion.
#include <gradus.hpp>

namespace gd = gradus;

// The fold, 0 … k − 1, of each sample, for a cross-validation: a random one, but each class is
// spread evenly, so that its numbers in two folds differ by at most 1. The sizes of two folds
// differ by at most 1 too. labels: the class of each sample. rng.permutation(n) is the numbers
// 0 … n − 1 in random order.
std::vector<int64_t> folds(const std::vector<int64_t>& labels, int64_t k, gd::Rng& rng) {
  return std::vector<int64_t>(labels.size(), 0);
}

// The samples that are trained on when this fold is the one that is tested: their indices, in
// order.
std::vector<int64_t> training_part(const std::vector<int64_t>& fold_of, int64_t fold) {
  return {};
}
