// Loader: prepares the batches of a data set in threads while training uses the previous ones.
#pragma once

#include <iterator>
#include <optional>

#include "data/dataset.hpp"

namespace gradus::data {

/// Changes a batch's images, f32 (N, …), with random numbers only from `rng`.
using BatchTransform = std::function<Tensor(const Tensor& images, Rng& rng)>;

/// Options of Loader.
struct LoaderOptions {
  int64_t batch_size = 128;  ///< samples per batch; the last batch of an epoch may be smaller
  /// A new order each epoch; false: the order of the data set. Of a whole text the windows begin at
  /// random places, any of which may come several times or never.
  bool shuffle = true;
  bool drop_last = false;  ///< leave out the last batch if it is smaller
  int64_t start = 0;       ///< batches to skip in the first epoch, to resume inside it
  /// Draw every class equally often (balanced_order); needs shuffle.
  bool balanced = false;
  /// Changes a batch's images (augment()) before the data set's normalization. Runs in a thread
  /// of the loader with a separate generator for each batch, so that skipped batches don't affect
  /// the others. None by default.
  BatchTransform transform = {};
};

/// Gives the batches of a data set. Each range-for over a loader is one epoch:
///
///     for (auto [images, labels] : Loader(train, {.batch_size = 128}, rng)) …
///
/// The batches of an epoch depend only on the data, the options and the state of `rng` at begin().
/// Only begin() draws from `rng`, which must outlive the loader. One thread makes the batches, or
/// num_threads() if the samples are read again (Dataset::of_reader). An exception in a thread is
/// thrown when its batch would have been delivered. A loop may end before the epoch does.
class Loader {
 public:
  class Iterator;

  /// Throws std::invalid_argument unless batch_size ≥ 1, start is 0 … size(), there is at least one
  /// batch, and `balanced` has `shuffle`.
  Loader(Dataset dataset, LoaderOptions options, Rng& rng);
  ~Loader();
  Loader& operator=(Loader&&) = delete;

  /// The number of batches in a whole epoch.
  int64_t size() const;
  /// Starts an epoch and ends the present one.
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
  using iterator_category = std::input_iterator_tag;  ///< one pass only
  using value_type = Batch;                           ///< the type of `*`
  using difference_type = std::ptrdiff_t;             ///< required by std::input_iterator

  /// The present batch.
  Batch operator*() const { return *batch_; }
  /// Goes to the next batch and waits until it is ready. Rethrows an exception of the loader's
  /// thread.
  Iterator& operator++();
  /// The same, without a result.
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
