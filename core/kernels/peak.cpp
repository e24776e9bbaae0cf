#include "core/kernels/peak.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>

#include "core/kernels/tile.hpp"
#include "core/parallel.hpp"

namespace gradus::kernels {

double multiply_add_peak(double seconds) {
  constexpr int64_t rounds = 1 << 21;
  const Tiles<float>& processor = tiles<float>();
  const int threads = num_threads();
  using Clock = std::chrono::steady_clock;
  const auto elapsed = [](Clock::time_point since) {
    return std::chrono::duration<double>(Clock::now() - since).count();
  };
  double best = 0;
  const Clock::time_point start = Clock::now();
  do {
    const Clock::time_point begin = Clock::now();
    const float used = parallel_sum<float>(
        threads, 1, [&](int64_t, int64_t) { return processor.multiply_add(rounds, 0.5f, 1.0f); });
    const double operations =
        2.0 * rounds * static_cast<double>(processor.sums * processor.vector * threads);
    if (std::isfinite(used)) best = std::max(best, operations / elapsed(begin));
  } while (elapsed(start) < seconds);
  return best;
}

}  // namespace gradus::kernels
