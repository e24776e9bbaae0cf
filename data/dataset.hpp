// Dataset: samples with class labels, stored compactly and delivered as batches of tensors.
#pragma once

#include <functional>

#include "core/random.hpp"
#include "data/sample_normalization.hpp"

namespace gradus::data {

/// Samples as tensors: `auto [images, labels] = dataset.batch(0, 8);`.
struct Batch {
  Tensor inputs;   ///< f32, (N, C, H, W) for images, (N, F) for features
  Tensor targets;  ///< class labels, i64 (N)
};

/// The sample indices of one fold of a cross-validation.
struct Fold {
  std::vector<int64_t> train;  ///< of the training part
  std::vector<int64_t> test;   ///< of the test part
};

struct Split;

/// A handle to samples and their class labels: copies and subsets share the values. Images are
/// stored as bytes until a batch is made.
class Dataset {
 public:
  /// Images (or other bytes) of shape `sample`, one after the other; batches scale them to 0 … 1.
  /// Throws std::invalid_argument unless there is at least one sample, one label per sample, and
  /// all labels are 0 … classes−1.
  static Dataset of_bytes(std::vector<uint8_t> values, const Shape& sample,
                          std::vector<int64_t> labels, int64_t classes);
  /// `features` numbers per sample, one sample after the other; the same rules.
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
  /// Checksum of the samples' values and labels in their order, before normalization.
  uint64_t checksum() const;

  /// The samples at `indices` (0 … size−1, in any order, repeated or not), normalized. Throws
  /// std::invalid_argument for an index out of range.
  Batch batch(std::span<const int64_t> indices) const;
  /// `count` consecutive samples, from `first`.
  Batch batch(int64_t first, int64_t count) const;
  /// The same without the normalization, which normalization()(inputs) applies.
  Batch raw_batch(std::span<const int64_t> indices) const;
  /// `count` consecutive samples, from `first`, without the normalization.
  Batch raw_batch(int64_t first, int64_t count) const;

  /// The samples at `indices`, in that order. Throws std::invalid_argument for an index out of
  /// range.
  Dataset subset(std::span<const int64_t> indices) const;
  /// The first n samples, or all of them if there are fewer. Throws unless n ≥ 1.
  Dataset first(int64_t n) const;
  /// A random split: round(fraction·size) samples as `test`, the others as `train`. Throws
  /// std::invalid_argument unless both have at least one sample.
  Split split(double fraction, Rng& rng) const;
  /// The two parts of a fold of k_fold() or stratified_k_fold(), both normalized by the statistics
  /// of its training part: the test part doesn't influence them.
  Split split(const Fold& fold) const;

  /// Mean and (biased) standard deviation of the samples: over all pixels together for images, per
  /// feature for features. A constant feature has deviation 1: it is only centred.
  Normalization statistics() const;
  /// The same samples with this normalization instead of the present one. batch() applies it; its
  /// matrix becomes f32. Throws std::invalid_argument if it doesn't fit the samples
  /// (Normalization::check).
  Dataset normalized(Normalization normalization) const;
  /// The normalization that batch() applies; none at first.
  const Normalization& normalization() const { return *normalization_; }

 private:
  struct Samples;

  explicit Dataset(Samples samples);
  int64_t sample_at(int64_t index) const;
  Batch read(std::span<const int64_t> indices, const Normalization& normalization) const;

  std::shared_ptr<const Samples> samples_;
  std::shared_ptr<const std::vector<int64_t>> indices_;  // into samples_
  std::shared_ptr<const Normalization> normalization_;
};

/// Calls visit(first, batch) for the samples in their order, `batch_size` at a time; `first` is the
/// index of a batch's first sample. Throws std::invalid_argument for a batch size below 1.
void for_each_batch(const Dataset& dataset, int64_t batch_size,
                    const std::function<void(int64_t first, const Batch& batch)>& visit);

/// A training set and a test set: `auto [train, test] = mnist();`.
struct Split {
  Dataset train;  ///< for training and for fitting normalizations
  Dataset test;   ///< held out
};

/// round(fraction·size), the number of held-out samples. Throws std::invalid_argument unless
/// `fraction` is above 0 and below 1 and both parts have at least one sample.
int64_t held_out_samples(const char* operation, int64_t size, double fraction);

/// Both parts normalized by the statistics of the training part.
Split normalized_by_train(const Split& split);

}  // namespace gradus::data
