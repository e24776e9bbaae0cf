// balanced_order, stratified_split, k_fold: the order of samples with balanced classes, a part that
// is held out, and the folds of a cross-validation.
#pragma once

#include "data/dataset.hpp"

namespace gradus::data {

/// size() indices in which all classes that occur are equally frequent (up to a difference of 1).
/// The classes take turns, in an order drawn anew for each turn. Each class goes through its
/// samples in random order, and starts again after its last. So samples of rare classes are
/// repeated, and some of frequent classes are left out. Throws std::invalid_argument for other
/// targets.
std::vector<int64_t> balanced_order(const Dataset& dataset, Rng& rng);

/// The number of samples of each class, or of those that have each label, or of targets that are
/// each token. Throws std::invalid_argument for numbers.
std::vector<int64_t> target_counts(const Dataset& dataset);

/// Divides `total` among groups in proportion to their sizes, rounded up for the largest
/// remainders: total ≤ Σ sizes, which is above 0.
std::vector<int64_t> proportional_shares(std::span<const int64_t> sizes, int64_t total);

/// A random split with the classes in proportion: round(fraction·size) samples as `test`, of each
/// class its share of them, rounded up for the largest remainders. Both parts keep the order of the
/// data set. Other targets: a random part. Throws std::invalid_argument unless both have at least
/// one sample.
Split stratified_split(const Dataset& dataset, double fraction, Rng& rng);

/// k folds of the indices 0 … n−1 in random order: each index is in the test part of exactly one
/// fold, and the sizes of the test parts differ by at most 1. `auto [train, test] =
/// dataset.split(fold);` makes the data sets of a fold. Throws std::invalid_argument unless k is 2
/// … n.
std::vector<Fold> k_fold(int64_t n, int64_t k, Rng& rng);

/// The same, with every class spread evenly: its numbers in two test parts differ by at most 1.
/// Other targets: in random order.
std::vector<Fold> stratified_k_fold(const Dataset& dataset, int64_t k, Rng& rng);

}  // namespace gradus::data
