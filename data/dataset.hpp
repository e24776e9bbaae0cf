// Dataset: samples with their targets, stored compactly and delivered as batches of tensors.
#pragma once

#include <functional>

#include "core/random.hpp"
#include "data/sample_normalization.hpp"
#include "data/targets.hpp"
#include "data/text/tokenizer.hpp"

namespace gradus::data {

/// Samples as tensors: `auto [images, labels] = dataset.batch(0, 8);`.
struct Batch {
  Tensor inputs;  ///< f32, (N, C, H, W) for images, (N, F) for features; tokens: i64 (N, T)
  /// Classes: i64 (N); labels and scaled numbers: f32 (N, count). Tokens: i64 (N, T), the next of
  /// each token, or not_scored.
  Tensor targets;
  Tensor weights = {};  ///< f32 (N), of the samples; undefined if they have none
};

/// The target of a token that is another sample's target, too.
inline constexpr int64_t not_scored = -1;

/// A batch's inputs and targets, for structured bindings, which leave its weights out.
template <std::size_t i>
Tensor get(const Batch& batch) {
  return i == 0 ? batch.inputs : batch.targets;
}

/// The sample indices of one fold of a cross-validation.
struct Fold {
  std::vector<int64_t> train;  ///< of the training part
  std::vector<int64_t> test;   ///< of the test part
};

struct Split;

/// A handle to samples and their targets: copies and subsets share the values. Images are stored as
/// bytes until a batch is made.
class Dataset {
 public:
  /// Images (or other bytes) of shape `sample`, one after the other; batches scale them to 0 … 1.
  /// Throws std::invalid_argument unless there is at least one sample, one target per sample, and
  /// all classes are 0 … count−1, labels 0 or 1, numbers finite.
  static Dataset of_bytes(std::vector<uint8_t> values, const Shape& sample, Targets targets);
  /// The same for class labels 0 … classes−1.
  static Dataset of_bytes(std::vector<uint8_t> values, const Shape& sample,
                          std::vector<int64_t> labels, int64_t classes);
  /// The same bytes, read from files each time that a sample is needed: for sets that don't fit
  /// into memory. `read(i, to)` writes those of sample i; several threads call it at once. What it
  /// throws, batch() throws.
  static Dataset of_reader(std::function<void(int64_t i, uint8_t* to)> read, const Shape& sample,
                           Targets targets);
  /// `features` numbers per sample, one sample after the other; the same rules.
  static Dataset of_features(std::vector<float> values, int64_t features, Targets targets);
  /// The same for class labels 0 … classes−1.
  static Dataset of_features(std::vector<float> values, int64_t features,
                             std::vector<int64_t> labels, int64_t classes);
  /// Numbers of shape `sample`, one sample after the other; the same rules.
  static Dataset of_values(std::vector<float> values, const Shape& sample, Targets targets);
  /// Samples (N, …) as numbers, f32 or f64, and their targets: i64 (N) are classes, 0 to the
  /// largest; f32 or f64 (N) or (N, D) are numbers. Copies both. Throws std::invalid_argument for
  /// other tensors.
  static Dataset of_tensors(const Tensor& inputs, const Tensor& targets);

  /// A text as windows of `context` tokens, one after the other: each token but the first is a
  /// target once. The last window begins earlier if the text ends within it; the targets that it
  /// shares with the window before are not_scored, and its weight is the part of the others. Throws
  /// std::invalid_argument unless there are more than `context` tokens, all of the tokenizer.
  static Dataset of_tokens(std::span<const int64_t> tokens, int64_t context,
                           const Tokenizer& tokenizer);

  /// The number of samples.
  int64_t size() const { return static_cast<int64_t>(indices_->size()); }
  /// The places of the samples in the data set that a factory made, of which this is a subset.
  const std::vector<int64_t>& indices() const { return *indices_; }
  /// What the targets are.
  TargetKind target_kind() const;
  /// The number of classes, labels, or numbers of a sample, or of different tokens.
  int64_t target_count() const;
  /// The names of the classes, labels or numbers, or the texts of the tokens; empty if they have
  /// none.
  const std::vector<std::string>& target_names() const;
  /// The name of a class, label or number: its index if it has none.
  std::string target_name(int64_t index) const;
  /// The number of classes. Throws std::invalid_argument for other targets.
  int64_t classes() const;
  /// Whether the samples are read each time that they are needed (of_reader()).
  bool is_read_again() const;
  /// (C, H, W) of an image, (F) of features or (T) of a window of tokens, as batch() delivers them.
  Shape sample_shape() const;
  /// The targets of all samples: classes i64 (size), labels f32 (size, count), numbers f32 (size,
  /// count) without their scale, tokens i64 (size, T).
  Tensor targets() const;
  /// The number of characters of each token. Throws std::invalid_argument for other targets.
  const std::vector<int64_t>& token_lengths() const;
  /// The classes, i64 (size). Throws std::invalid_argument for other targets.
  Tensor labels() const;
  /// Checksum of the samples' values and targets in their order, before normalization.
  uint64_t checksum() const;
  /// A checksum of each sample's values and targets, before normalization.
  std::vector<uint64_t> sample_checksums() const;

  /// The samples at `indices` (0 … size−1, in any order, repeated or not), normalized. Throws
  /// std::invalid_argument for an index out of range.
  Batch batch(std::span<const int64_t> indices) const;
  /// `count` consecutive samples, from `first`.
  Batch batch(int64_t first, int64_t count) const;
  /// The number of places where a window of the whole text may begin; 0 if the samples aren't all
  /// windows of a text.
  int64_t window_starts() const;
  /// The windows that begin at `starts`, 0 … window_starts() − 1, all of whose targets count.
  /// Throws std::invalid_argument for a start out of range.
  Batch windows(std::span<const int64_t> starts) const;
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
  /// feature for features. A constant feature has deviation 1: it is only centred. Features that
  /// aren't quantities have mean 0 and deviation 1: they stay as they are.
  Normalization statistics() const;
  /// The same samples, of which only the features with `true` are quantities; the others are
  /// indicators or indices. Throws std::invalid_argument unless there is one for each feature.
  Dataset with_quantities(std::vector<bool> are_quantities) const;
  /// The same samples with this normalization instead of the present one. batch() applies it; its
  /// matrix becomes f32. Throws std::invalid_argument if it doesn't fit the samples
  /// (Normalization::check).
  Dataset normalized(Normalization normalization) const;
  /// The normalization that batch() applies; none at first.
  const Normalization& normalization() const { return *normalization_; }

  /// Mean and (biased) standard deviation of each number of the targets; deviation 1 for a constant
  /// one. Throws std::invalid_argument for other targets.
  TargetScale target_statistics() const;
  /// The same samples, whose numbers batch() delivers by this scale instead of the present one.
  /// Throws std::invalid_argument unless it has a mean and a positive deviation for each number.
  Dataset scaled(TargetScale scale) const;
  /// The scale of the numbers that batch() delivers; none at first.
  const TargetScale& target_scale() const { return *scale_; }

  /// The same samples with weights, one for each in their order. Throws std::invalid_argument
  /// unless they are finite, 0 or more, and one is above 0.
  Dataset weighted(std::span<const float> weights) const;
  /// The weights, f32 (size); undefined if the samples have none.
  Tensor weights() const;

 private:
  struct Samples;

  explicit Dataset(Samples samples);
  int64_t sample_at(int64_t index) const;
  Batch read_windows(std::span<const int64_t> samples) const;
  Batch read(std::span<const int64_t> indices, const Normalization& normalization) const;
  Tensor targets_of(std::span<const int64_t> samples) const;
  template <class Visit>
  void visit_bytes(int64_t index, Visit visit) const;

  std::shared_ptr<const Samples> samples_;
  std::shared_ptr<const std::vector<int64_t>> indices_;  // into samples_
  std::shared_ptr<const Normalization> normalization_;
  std::shared_ptr<const TargetScale> scale_;
  std::shared_ptr<const std::vector<float>> weights_;        // of the samples in samples_
  std::shared_ptr<const std::vector<bool>> are_quantities_;  // empty: all
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

/// Both parts normalized by the statistics of the training part, and numbers as targets scaled by
/// them.
Split normalized_by_train(const Split& split);

}  // namespace gradus::data

/// A batch is bound to two names.
template <>
struct std::tuple_size<gradus::data::Batch> : std::integral_constant<std::size_t, 2> {};
/// Both are tensors.
template <std::size_t i>
struct std::tuple_element<i, gradus::data::Batch> {
  using type = gradus::Tensor;  ///< of both
};
