#include "apps/gradus/bench/peak.hpp"

#include <cmath>

#include "core/kernels/gemm/tiles.hpp"
#include "core/parallel.hpp"
#include "core/stopwatch.hpp"

namespace gradus::app {

double multiply_add_peak(double seconds) {
  constexpr int64_t rounds = 1 << 21;
  const kernels::Tiles<float>& processor = kernels::tiles<float>();
  const int threads = num_threads();
  double best = 0;
  const Stopwatch all;
  do {
    const Stopwatch watch;
    const float used = parallel_sum<float>(
        threads, 1, [&](int64_t, int64_t) { return processor.multiply_add(rounds, 0.5f, 1.0f); });
    const double operations =
        2.0 * rounds * static_cast<double>(processor.sums * processor.vector * threads);
    if (std::isfinite(used)) best = std::max(best, operations / watch.seconds());
  } while (all.seconds() < seconds);
  return best;
}

}  // namespace gradus::app
