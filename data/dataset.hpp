// Data sets: samples with class labels, kept compactly, made into batches of tensors.
#pragma once

#include <functional>

#include "core/random.hpp"
#include "data/sample_normalization.hpp"

namespace gradus::data {

/// Some samples as tensors: `auto [images, labels] = dataset.batch(0, 8);`.
struct Batch {
  Tensor inputs;   ///< f32, (N, C, H, W) for images, (N, F) for features
  Tensor targets;  ///< labels of classes, i64 (N)
};

/// Indices to train with and to test with.
struct Fold {
  std::vector<int64_t> train;  ///< to train with
  std::vector<int64_t> test;   ///< to test with
};

struct Split;

/// A handle to samples and their class labels: copies and subsets share the values. Images stay
/// bytes until a batch is made.
class Dataset {
 public:
  /// Images (or other bytes) of shape `sample`, one after the other; a batch has them scaled to
  /// 0 … 1. Throws std::invalid_argument unless there is at least one sample, a label for each, and
  /// labels are 0 … classes−1.
  static Dataset of_bytes(std::vector<uint8_t> values, const Shape& sample,
                          std::vector<int64_t> labels, int64_t classes);
  /// `features` numbers a sample, one sample after the other; the same rules.
  static Dataset of_features(std::vector<float> values, int64_t features,
                             std::vector<int64_t> labels, int64_t classes);

  /// The number of samples.
  int64_t size() const { return static_cast<int64_t>(indices_->size()); }
  /// The number of classes.
  int64_t classes() const;
  /// (C, H, W) of an image or (F) of features, as batch() delivers them.
  Shape sample_shape() const;
  /// The labels as a tensor, i64 (size).
  Tensor labels() const;
  /// Of the values and labels of the samples in their order, as they were before normalization.
  uint64_t checksum() const;

  /// The samples at `indices` (0 … size−1, in any order, repeated or not), normalized. Throws
  /// std::invalid_argument for an index out of range.
  Batch batch(std::span<const int64_t> indices) const;
  /// `count` samples in a row, from `first`.
  Batch batch(int64_t first, int64_t count) const;
  /// The same without the normalization: normalization()(inputs) adds it.
  Batch raw_batch(std::span<const int64_t> indices) const;
  /// `count` samples in a row, from `first`, without the normalization.
  Batch raw_batch(int64_t first, int64_t count) const;

  /// The samples at `indices`, in that order. Throws std::invalid_argument for an index out of
  /// range.
  Dataset subset(std::span<const int64_t> indices) const;
  /// The first n samples; all of them where there are fewer. Throws unless n ≥ 1.
  Dataset first(int64_t n) const;
  /// A random part of round(fraction·size) samples held out as `test`, the others as `train`.
  /// Throws std::invalid_argument unless both get at least one sample.
  Split split(double fraction, Rng& rng) const;
  /// The parts of a fold of k_fold() or stratified_k_fold(), both normalized by the statistics of
  /// its training part alone: what tests a fold has no say in it.
  Split split(const Fold& fold) const;

  /// Mean and (biased) standard deviation of the samples: for images of all pixels together, for
  /// features of each; 1 in place of the deviation of what is constant, which is thus only centred.
  Normalization statistics() const;
  /// The same samples with a normalization in place of the present one, applied in batch(); a
  /// matrix becomes f32. Throws std::invalid_argument where it doesn't fit (Normalization::check).
  Dataset normalized(Normalization normalization) const;
  /// What batch() applies to the samples; at first nothing.
  const Normalization& normalization() const { return *normalization_; }

 private:
  struct Samples;

  explicit Dataset(Samples samples);
  int64_t sample_at(int64_t index) const;
  Batch read(std::span<const int64_t> indices, const Normalization& normalization) const;

  std::shared_ptr<const Samples> samples_;
  std::shared_ptr<const std::vector<int64_t>> indices_;  // of samples_
  std::shared_ptr<const Normalization> normalization_;
};

/// Calls visit(first, batch) for the samples in their order, `batch_size` at a time, the first of
/// which is number `first`. Throws std::invalid_argument for a batch size below 1.
void for_each_batch(const Dataset& dataset, int64_t batch_size,
                    const std::function<void(int64_t first, const Batch& batch)>& visit);

/// What to train on and what to test with: `auto [train, test] = mnist();`.
struct Split {
  Dataset train;  ///< to learn from, and to fit normalizations to
  Dataset test;   ///< held out
};

/// Both parts normalized by the statistics of the training part.
Split normalized_by_train(const Split& split);

}  // namespace gradus::data
