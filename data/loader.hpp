// Batches of a data set, prepared by a thread while the last one is being trained on.
#pragma once

#include <iterator>
#include <optional>

#include "data/dataset.hpp"

namespace gradus::data {

/// A change of a batch's images, f32 (N, …), with random numbers from `rng` alone.
using BatchTransform = std::function<Tensor(const Tensor& images, Rng& rng)>;

/// Options of Loader.
struct LoaderOptions {
  int64_t batch_size = 128;  ///< the last batch of an epoch may be smaller
  bool shuffle = true;       ///< a new order each epoch; false: the order of the data set
  bool drop_last = false;    ///< leave out a last batch that is smaller
  int64_t start = 0;         ///< batches to skip in the first epoch: to resume inside it
  /// Every class equally often, whatever its share (balanced_order); needs shuffle.
  bool balanced = false;
  /// Changes a batch's images (augment()) before the data set's normalization. Runs in the loader's
  /// thread with a generator of its own for each batch, so that a skipped batch changes no other.
  /// None by default.
  BatchTransform transform = {};
};

/// Gives the batches of a data set. Each range-for over a loader is one epoch:
///
///     for (auto [images, labels] : Loader(train, {.batch_size = 128}, rng)) …
///
/// What an epoch delivers depends on the data, the options and the state of `rng` at its begin()
/// alone; begin() is the only place that draws from `rng`, which outlives the loader. An exception
/// of the thread is thrown where its batch would have been delivered. An epoch may be left early.
class Loader {
 public:
  class Iterator;

  /// Throws std::invalid_argument unless batch_size ≥ 1, start is 0 … size(), there is at least one
  /// batch, and what is balanced is shuffled.
  Loader(Dataset dataset, LoaderOptions options, Rng& rng);
  ~Loader();
  Loader& operator=(Loader&&) = delete;

  /// The number of batches in a whole epoch.
  int64_t size() const;
  /// Starts an epoch; one that was under way ends.
  Iterator begin();
  /// The end of the epoch.
  std::default_sentinel_t end() const { return {}; }

 private:
  class Epoch;

  Dataset dataset_;
  LoaderOptions options_;
  Rng& rng_;
  std::unique_ptr<Epoch> epoch_;
};

/// Goes through the batches of one epoch. Valid until the loader's next begin().
class Loader::Iterator {
 public:
  using iterator_category = std::input_iterator_tag;  ///< each batch comes once
  using value_type = Batch;                           ///< what `*` gives
  using difference_type = std::ptrdiff_t;             ///< asked for by std::input_iterator

  /// The present batch.
  Batch operator*() const { return *batch_; }
  /// Takes the next batch, waiting for it if need be. Throws what the loader's thread threw.
  Iterator& operator++();
  /// The same.
  void operator++(int) { ++*this; }
  /// Whether the epoch is over.
  bool operator==(std::default_sentinel_t) const { return !batch_; }

 private:
  friend class Loader;
  explicit Iterator(Epoch& epoch) : epoch_(&epoch) { ++*this; }

  Epoch* epoch_;
  std::optional<Batch> batch_;
};

}  // namespace gradus::data
