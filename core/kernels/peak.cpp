#include "core/kernels/peak.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>

#include "core/kernels/kernel.hpp"
#include "core/parallel.hpp"

namespace gradus::kernels {
namespace {

// Registers' worth of elements; the compiler splits a group where the processor's are narrower.
// Twelve groups hide the latency of a multiply-add and leave room for the factors.
constexpr int width = 16, groups = 12;
using Group = float __attribute__((vector_size(width * sizeof(float))));

// sum[groups·width] ← sum·factor + term, `rounds` times; returns a value that depends on all
GRADUS_KERNEL float multiply_add(int64_t rounds, float factor, float term) {
  // Different beginnings: equal sums the compiler would compute once.
  Group sums[groups];
  for (int i = 0; i < groups; ++i) sums[i] = Group{} + static_cast<float>(i);
  const Group factors = Group{} + factor, terms = Group{} + term;
  for (int64_t round = 0; round < rounds; ++round)
    for (Group& sum : sums) sum = sum * factors + terms;
  float total = 0;
  for (const Group& sum : sums)
    for (int i = 0; i < width; ++i) total += sum[i];
  return total;
}

}  // namespace

double multiply_add_peak(double seconds) {
  constexpr int64_t rounds = 1 << 21;
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
        threads, 1, [&](int64_t, int64_t) { return multiply_add(rounds, 0.5f, 1.0f); });
    const double operations = 2.0 * rounds * groups * width * threads;
    if (std::isfinite(used)) best = std::max(best, operations / elapsed(begin));
  } while (elapsed(start) < seconds);
  return best;
}

}  // namespace gradus::kernels
