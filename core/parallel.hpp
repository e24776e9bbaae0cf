// parallel_for, parallel_sum: divide work among threads; results never depend on their number.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace gradus {

/// The number of threads of parallel loops (default: one per processor).
int num_threads();
/// Throws std::invalid_argument unless `threads` is 1 … 1024.
void set_num_threads(int threads);

/// Until the end of the scope, parallel loops of this thread run only in this thread (a loader's
/// thread leaves the processors to the training).
class SerialScope {
 public:
  SerialScope();
  ~SerialScope();
  SerialScope& operator=(SerialScope&&) = delete;

 private:
  bool before_;
};

namespace detail {
using ChunkBody = void (*)(void* context, int64_t chunk);
/// Calls body(context, chunk) for each of `chunks` on all threads; rethrows the first exception.
void run_chunks(int64_t chunks, ChunkBody body, void* context);
}  // namespace detail

/// The number of chunks of `grain` elements that cover n.
constexpr int64_t chunk_count(int64_t n, int64_t grain) {
  return (n + grain - 1) / grain;
}

/// Calls `body(begin, end)` for consecutive chunks of `grain` elements that cover [0, n). The
/// chunks depend only on n and grain. Inside a parallel loop it runs in the calling thread.
template <class Body>
void parallel_for(int64_t n, int64_t grain, Body&& body) {
  if (n <= 0) return;
  struct LoopContext {
    int64_t n, grain;
    std::remove_reference_t<Body>& body;
  } context{n, grain, body};
  detail::run_chunks(
      chunk_count(n, grain),
      [](void* pointer, int64_t chunk) {
        auto& c = *static_cast<LoopContext*>(pointer);
        c.body(chunk * c.grain, std::min(c.n, (chunk + 1) * c.grain));
      },
      &context);
}

/// The sum of `partial(begin, end)` over the chunks of parallel_for, added in order.
template <class Sum, class Partial>
Sum parallel_sum(int64_t n, int64_t grain, Partial&& partial) {
  if (n <= 0) return Sum{};
  if (n <= grain) return partial(int64_t{0}, n);
  std::vector<Sum> sums(chunk_count(n, grain));
  parallel_for(n, grain,
               [&](int64_t begin, int64_t end) { sums[begin / grain] = partial(begin, end); });
  Sum total = sums[0];
  for (std::size_t i = 1; i < sums.size(); ++i) total += sums[i];
  return total;
}

}  // namespace gradus
