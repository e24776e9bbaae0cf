#include "core/parallel.hpp"

#include <omp.h>

#include <atomic>
#include <exception>

#include "core/error.hpp"

// ThreadSanitizer can't see the barriers inside the OpenMP runtime; tell it of the one order that
// counts: what was written before the loop is seen in it, and what was written in it after it.
#if defined(__SANITIZE_THREAD__)
extern "C" void __tsan_acquire(void*);
extern "C" void __tsan_release(void*);
#else
static void __tsan_acquire(void*) {}
static void __tsan_release(void*) {}
#endif

namespace gradus {
namespace {

std::atomic<int>& thread_count() {
  static std::atomic<int> count{omp_get_max_threads()};
  return count;
}

thread_local bool serial = false;

}  // namespace

int num_threads() {
  return thread_count();
}

void set_num_threads(int threads) {
  require(threads >= 1 && threads <= 1024, "set_num_threads", "threads are 1 to 1024, got {}",
          threads);
  thread_count() = threads;
}

SerialScope::SerialScope() : before_(serial) {
  serial = true;
}

SerialScope::~SerialScope() {
  serial = before_;
}

void detail::run_chunks(int64_t chunks, ChunkBody body, void* context) {
  const int threads = static_cast<int>(std::min<int64_t>(thread_count(), chunks));
  if (threads == 1 || serial) {
    for (int64_t chunk = 0; chunk < chunks; ++chunk) body(context, chunk);
    return;
  }
  // The first failing chunk by position, not by time: the same error every time.
  std::exception_ptr error;
  int64_t failed_chunk = chunks;
  std::atomic<int64_t> next{0};
  char fork = 0, join = 0;
  __tsan_release(&fork);
#pragma omp parallel num_threads(threads)
  {
    __tsan_acquire(&fork);
    const SerialScope nested_loops_run_here;
    for (int64_t chunk; (chunk = next.fetch_add(1, std::memory_order_relaxed)) < chunks;) {
      try {
        body(context, chunk);
      } catch (...) {
#pragma omp critical(gradus_parallel_error)
        if (chunk < failed_chunk) {
          failed_chunk = chunk;
          error = std::current_exception();
        }
      }
    }
    __tsan_release(&join);
  }
  __tsan_acquire(&join);
  if (error) std::rethrow_exception(error);
}

}  // namespace gradus
