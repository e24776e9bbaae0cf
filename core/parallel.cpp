#include "core/parallel.hpp"

#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>

#include "core/error.hpp"

// This replaces OpenMP: its barrier waits for every thread of the team, even for one that the
// operating system isn't running at the moment. On a machine with other work, a training step then
// takes five to twenty times as long. Here a loop ends when its chunks are done: no one waits for a
// worker that starts too late and finds no chunk.

namespace gradus {
namespace {

thread_local bool serial = false;

// The chunks of a loop that no thread has begun, in one contiguous part for each thread. A thread
// takes those of its own part first: what it wrote in the loop before is in its core's cache.
class Chunks {
 public:
  /// Only while no thread takes any.
  void reset(int64_t count) {
    for (std::size_t i = 0; i < parts_.size(); ++i) parts_[i].next = start(i, count);
    count_ = count;
  }
  void set_threads(int threads) { parts_ = std::vector<Part>(static_cast<std::size_t>(threads)); }

  /// Calls body(chunk) for the thread's part, then for what is left of the others.
  template <class Body>
  void take(std::size_t thread, Body body) {
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const std::size_t part = (thread + i) % parts_.size();
      const int64_t end = start(part + 1, count_);
      std::atomic<int64_t>& next = parts_[part].next;
      for (int64_t chunk; (chunk = next.fetch_add(1, std::memory_order_relaxed)) < end;)
        body(chunk);
    }
  }

 private:
  struct alignas(64) Part {
    std::atomic<int64_t> next{0};
  };
  int64_t start(std::size_t part, int64_t count) const {
    return count * static_cast<int64_t>(part) / std::ssize(parts_);
  }

  int64_t count_ = 0;
  std::vector<Part> parts_{1};
};

// One loop: what is called for each chunk, and its first error.
class Loop {
 public:
  Loop(detail::ChunkBody body, void* context) : body_(body), context_(context) {}

  void work(int64_t chunk) {
    try {
      body_(context_, chunk);
    } catch (...) {
      // The first failing chunk by position, not by time, so that the error is always the same.
      const std::lock_guard lock(mutex_);
      if (chunk < failed_chunk_) {
        failed_chunk_ = chunk;
        error_ = std::current_exception();
      }
    }
  }
  void work_alone(int64_t chunks) {
    const SerialScope nested_loops_run_here;
    for (int64_t chunk = 0; chunk < chunks; ++chunk) work(chunk);
  }
  void rethrow() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  const detail::ChunkBody body_;
  void* const context_;
  std::mutex mutex_;
  std::exception_ptr error_;
  int64_t failed_chunk_ = INT64_MAX;
};

// Threads that wait for loops. The lowest 16 bits of the state count the workers inside the loop.
// The higher bits count how often a loop was opened or closed: it is open while that count is odd.
class ThreadPool {
 public:
  ThreadPool() { resize(static_cast<int>(std::max(1u, std::thread::hardware_concurrency()))); }
  ~ThreadPool() { stop(); }

  int size() const { return threads_; }

  void resize(int threads) {
    const std::lock_guard lock(mutex_);
    if (threads == threads_) return;
    stop();
    chunks_.set_threads(threads);
    threads_ = threads;
  }

  void run(Loop& loop, int64_t chunks) {
    const std::unique_lock lock(mutex_, std::try_to_lock);
    // Another thread of the program is using the workers.
    if (!lock) return loop.work_alone(chunks);
    start();
    loop_ = &loop;
    chunks_.reset(chunks);
    state_.fetch_add(turn, std::memory_order_release);
    state_.notify_all();
    work(0);
    // From here on no worker enters; the few inside are still busy.
    state_.fetch_add(turn, std::memory_order_relaxed);
    while (state_.load(std::memory_order_acquire) % turn != 0) pause();
  }

 private:
  static constexpr uint64_t turn = 1 << 16;

  void work(std::size_t thread) {
    const SerialScope nested_loops_run_here;
    chunks_.take(thread, [this](int64_t chunk) { loop_->work(chunk); });
  }

  static void pause() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#else
    std::this_thread::yield();
#endif
  }

  void start() {
    if (started_) return;
    started_ = true;
    stopping_ = false;
    // A new worker takes part in the loop that it was started for.
    const uint64_t turns_seen = state_.load(std::memory_order_acquire) / turn;
    try {
      for (int i = 1; i < threads_; ++i)
        workers_.emplace_back([this, turns_seen, thread = static_cast<std::size_t>(i)] {
          serve(thread, turns_seen);
        });
    } catch (const std::system_error&) {
      // The system allows no more threads; the existing ones do all the work.
    }
  }

  void stop() {
    stopping_ = true;
    state_.fetch_add(2 * turn, std::memory_order_release);
    state_.notify_all();
    workers_.clear();
    started_ = false;
  }

  void serve(std::size_t thread, uint64_t turns_seen) {
    while (!stopping_) {
      uint64_t state = wait_for_turn(turns_seen);
      const auto is_open = [&] { return state / turn % 2 == 1; };
      while (is_open() &&
             !state_.compare_exchange_weak(state, state + 1, std::memory_order_acquire)) {
      }
      if (is_open()) {
        work(thread);
        state_.fetch_sub(1, std::memory_order_release);
      }
      turns_seen = state / turn;
    }
  }

  // The loops of a training step follow each other within microseconds: workers spin for that long
  // before they sleep.
  uint64_t wait_for_turn(uint64_t turns_seen) {
    constexpr int looks = 2000;
    uint64_t state = state_.load(std::memory_order_acquire);
    for (int i = 0; i < looks && state / turn == turns_seen; ++i) {
      pause();
      state = state_.load(std::memory_order_acquire);
    }
    while (state / turn == turns_seen && !stopping_) {
      state_.wait(state, std::memory_order_acquire);
      state = state_.load(std::memory_order_acquire);
    }
    return state;
  }

  std::mutex mutex_;
  std::atomic<int> threads_{0};
  std::atomic<uint64_t> state_{0};
  std::atomic<bool> stopping_{false};
  bool started_ = false;
  Loop* loop_ = nullptr;
  Chunks chunks_;
  std::vector<std::jthread> workers_;
};

ThreadPool& thread_pool() {
  static ThreadPool instance;
  return instance;
}

}  // namespace

int num_threads() {
  return thread_pool().size();
}

void set_num_threads(int threads) {
  require(threads >= 1 && threads <= 1024, "set_num_threads", "threads must be 1 to 1024, got {}",
          threads);
  thread_pool().resize(threads);
}

SerialScope::SerialScope() : before_(serial) {
  serial = true;
}

SerialScope::~SerialScope() {
  serial = before_;
}

void detail::run_chunks(int64_t chunks, ChunkBody body, void* context) {
  // A single chunk is no parallel loop: loops inside it may use all threads.
  if (chunks == 1) return body(context, 0);
  Loop loop(body, context);
  if (serial || thread_pool().size() == 1)
    loop.work_alone(chunks);
  else
    thread_pool().run(loop, chunks);
  loop.rethrow();
}

}  // namespace gradus
