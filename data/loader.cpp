#include "data/loader.hpp"

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <numeric>
#include <system_error>
#include <thread>

#include "core/parallel.hpp"
#include "core/text/counted.hpp"
#include "data/sampling.hpp"

namespace gradus::data {

// Whether the order consists of places in a text instead of samples.
static bool draws_windows(const Dataset& dataset, const LoaderOptions& options) {
  return options.shuffle && dataset.window_starts() > 0;
}

// One pass over the data: threads make batches and queue them in their order.
class Loader::Epoch {
 public:
  Epoch(const Dataset& dataset, const LoaderOptions& options, std::vector<int64_t> order,
        int64_t batches, const Rng& transform_rng)
      : dataset_(dataset),
        options_(options),
        order_(std::move(order)),
        batches_(batches),
        transform_rng_(transform_rng),
        next_(options.start),
        turn_(options.start) {
    // Reading files takes longer than a training step; one thread is fast enough for all else.
    const int threads = dataset.is_read_again() ? num_threads() : 1;
    try {
      for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { produce(); });
    } catch (const std::system_error&) {
      // The system allows no more threads: without any, next() makes the batches.
    }
  }

  ~Epoch() {
    {
      const std::lock_guard lock(mutex_);
      cancelled_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

  // The next batch; nothing after the last.
  std::optional<Batch> next() {
    if (threads_.empty()) return next_ < batches_ ? std::optional(make(next_++)) : std::nullopt;
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !ready_.empty() || error_ || turn_ == batches_; });
    if (ready_.empty()) {
      if (error_) std::rethrow_exception(error_);
      return std::nullopt;
    }
    Batch batch = std::move(ready_.front());
    ready_.pop_front();
    changed_.notify_all();
    return batch;
  }

 private:
  // Enough to make up for a slow batch; more would only take memory.
  static constexpr std::size_t ahead = 3;

  void produce() {
    const SerialScope leave_the_processors_to_training;
    for (int64_t i = take(); i < batches_; i = take()) {
      try {
        deliver(i, make(i));
      } catch (...) {
        fail(i, std::current_exception());
      }
    }
  }

  // The index of the next batch to make.
  int64_t take() {
    const std::lock_guard lock(mutex_);
    return cancelled_ || error_ ? batches_ : next_++;
  }

  Batch make(int64_t index) const {
    const int64_t first = index * options_.batch_size;
    const int64_t count = std::min(options_.batch_size, std::ssize(order_) - first);
    const auto indices =
        std::span(order_).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count));
    if (draws_windows(dataset_, options_)) return dataset_.windows(indices);
    if (!options_.transform) return dataset_.batch(indices);
    Batch batch = dataset_.raw_batch(indices);
    Rng rng = transform_rng_.fork(static_cast<uint64_t>(index));
    batch.inputs = dataset_.normalization()(options_.transform(batch.inputs, rng));
    return batch;
  }

  // Waits until all batches before are in the queue and it has room.
  void deliver(int64_t index, Batch batch) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return is_over() || (turn_ == index && ready_.size() < ahead); });
    if (is_over()) return;
    ready_.push_back(std::move(batch));
    ++turn_;
    changed_.notify_all();
  }

  // Ends the epoch after the batches before.
  void fail(int64_t index, std::exception_ptr error) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return is_over() || turn_ == index; });
    if (!is_over()) error_ = std::move(error);
    changed_.notify_all();
  }

  bool is_over() const { return cancelled_ || error_; }

  const Dataset dataset_;
  const LoaderOptions options_;
  const std::vector<int64_t> order_;
  const int64_t batches_;
  const Rng transform_rng_;

  std::mutex mutex_;  // guards the members below
  std::condition_variable changed_;
  int64_t next_;  // the batch to make
  int64_t turn_;  // the batch to queue
  std::deque<Batch> ready_;
  std::exception_ptr error_;
  bool cancelled_ = false;

  std::vector<std::thread> threads_;  // last: they use all members above
};

Loader::Loader(Dataset dataset, LoaderOptions options, Rng& rng)
    : dataset_(std::move(dataset)), options_(std::move(options)), rng_(rng) {
  require(options_.batch_size >= 1, "loader", "batch_size must be 1 or more, got {}",
          options_.batch_size);
  require(size() >= 1, "loader", "drop_last leaves no batch: batch_size {}, {}",
          options_.batch_size, counted(dataset_.size(), "sample"));
  require(options_.start >= 0 && options_.start <= size(), "loader",
          "start must be 0 to {}, the number of batches, got {}", size(), options_.start);
  require(options_.shuffle || !options_.balanced, "loader", "balanced needs shuffle");
}

Loader::~Loader() = default;

int64_t Loader::size() const {
  const int64_t whole = dataset_.size() / options_.batch_size;
  return whole + (!options_.drop_last && dataset_.size() % options_.batch_size > 0);
}

Loader::Iterator Loader::begin() {
  epoch_.reset();
  std::vector<int64_t> order(static_cast<std::size_t>(dataset_.size()));
  std::iota(order.begin(), order.end(), 0);
  if (draws_windows(dataset_, options_)) {
    for (int64_t& start : order) start = rng_.below(dataset_.window_starts());
  } else if (options_.balanced)
    order = balanced_order(dataset_, rng_);
  else if (options_.shuffle)
    order = rng_.permutation(dataset_.size());
  const Rng transform_rng(rng_.bits());
  epoch_ = std::make_unique<Epoch>(dataset_, options_, std::move(order), size(), transform_rng);
  options_.start = 0;
  return Iterator(*epoch_);
}

Loader::Iterator& Loader::Iterator::operator++() {
  batch_.reset();
  batch_ = epoch_->next();
  return *this;
}

}  // namespace gradus::data
