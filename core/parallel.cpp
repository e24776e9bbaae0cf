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

struct Loop {
  Loop(int64_t chunks_, detail::ChunkBody body_, void* context_)
      : chunks(chunks_), body(body_), context(context_) {}

  const int64_t chunks;
  const detail::ChunkBody body;
  void* const context;
  std::atomic<int64_t> next{0};
  // The first failing chunk by position, not by time, so that the error is always the same.
  std::mutex mutex;
  std::exception_ptr error;
  int64_t failed_chunk = INT64_MAX;

  void work() {
    const SerialScope nested_loops_run_here;
    for (int64_t chunk; (chunk = next.fetch_add(1, std::memory_order_relaxed)) < chunks;) {
      try {
        body(context, chunk);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (chunk < failed_chunk) {
          failed_chunk = chunk;
          error = std::current_exception();
        }
      }
    }
  }
};

// Threads that wait for loops. The lowest 16 bits of the state count the workers inside the loop.
// The higher bits count how often a loop was opened or closed: it is open while that count is odd.
class ThreadPool {
 public:
  ~ThreadPool() { stop(); }

  int size() const { return threads_; }

  void resize(int threads) {
    const std::lock_guard lock(mutex_);
    if (threads == threads_) return;
    stop();
    threads_ = threads;
  }

  void run(Loop& loop) {
    const std::unique_lock lock(mutex_, std::try_to_lock);
    // Another thread of the program is using the workers.
    if (!lock) return loop.work();
    start();
    loop_ = &loop;
    state_.fetch_add(turn, std::memory_order_release);
    state_.notify_all();
    loop.work();
    // From here on no worker enters; the few inside are still busy.
    state_.fetch_add(turn, std::memory_order_relaxed);
    while (state_.load(std::memory_order_acquire) % turn != 0) pause();
  }

 private:
  static constexpr uint64_t turn = 1 << 16;

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
        workers_.emplace_back([this, turns_seen] { serve(turns_seen); });
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

  void serve(uint64_t turns_seen) {
    while (!stopping_) {
      uint64_t state = wait_for_turn(turns_seen);
      const auto is_open = [&] { return state / turn % 2 == 1; };
      while (is_open() &&
             !state_.compare_exchange_weak(state, state + 1, std::memory_order_acquire)) {
      }
      if (is_open()) {
        loop_->work();
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
  std::atomic<int> threads_{static_cast<int>(std::max(1u, std::thread::hardware_concurrency()))};
  std::atomic<uint64_t> state_{0};
  std::atomic<bool> stopping_{false};
  bool started_ = false;
  Loop* loop_ = nullptr;
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
  Loop loop(chunks, body, context);
  if (serial || thread_pool().size() == 1)
    loop.work();
  else
    thread_pool().run(loop);
  if (loop.error) std::rethrow_exception(loop.error);
}

}  // namespace gradus
