// balanced_order, k_fold: which samples come when: equal shares for rare classes, parts for
// cross-validation.
#pragma once

#include "data/dataset.hpp"

namespace gradus::data {

/// size() indices in which all classes that occur have the same share, but for a difference of 1:
/// they take turns in an order that is drawn anew for each turn, and each goes through its samples
/// in random order, again when all have been there. Samples of rare classes come often, and not all
/// of the frequent ones come.
std::vector<int64_t> balanced_order(const Dataset& dataset, Rng& rng);

/// k folds of 0 … n−1 in random order: each index is in the test part of exactly one, and those
/// differ by at most one in size. `auto [train, test] = dataset.split(fold);` is the data. Throws
/// std::invalid_argument unless k is 2 … n.
std::vector<Fold> k_fold(int64_t n, int64_t k, Rng& rng);

/// The same in which every class is spread evenly too: by at most one between two test parts.
std::vector<Fold> stratified_k_fold(const Dataset& dataset, int64_t k, Rng& rng);

}  // namespace gradus::data
