// check_rate, progress …: checks and computations that several schedules share; internal.
#pragma once

#include "core/text/option_table.hpp"

namespace gradus::optim::detail {

inline void check_total(std::string_view schedule, int64_t total_steps) {
  range::count.check(schedule, "total_steps", total_steps);
}

inline void check_warmup(int64_t warmup_steps, int64_t total_steps) {
  require(warmup_steps >= 0 && warmup_steps < total_steps, "schedule",
          "warmup must be 0 to {} of {} steps, got {}", total_steps - 1, total_steps, warmup_steps);
}

// Checks the rate and the options, including min_lr if there is one.
template <class Options>
void check_rate(std::string_view schedule, double base_lr, const Options& options) {
  range::positive.check(schedule, "lr", base_lr);
  if constexpr (requires { options.total_steps; }) check_total(schedule, options.total_steps);
  check_options(schedule, options);
  if constexpr (requires { options.min_lr; })
    require(options.min_lr <= base_lr, schedule, "min_lr must be 0 to lr = {}, got {}", base_lr,
            options.min_lr);
}

inline void check_increasing(std::string_view schedule, std::string_view option,
                             const std::vector<int64_t>& steps) {
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const int64_t before = i == 0 ? 0 : steps[i - 1];
    require(steps[i] > before, schedule, "{} must increase from 1 on, got {} after {}", option,
            steps[i], before);
  }
}

// Checks the starts of a chain.
inline void check_starts(std::string_view chain, const std::vector<int64_t>& starts) {
  require(starts[0] == 0, chain, "starts must begin at 0, got {}", starts[0]);
  for (std::size_t i = 1; i < starts.size(); ++i)
    require(starts[i - 1] < starts[i], chain, "starts must increase, got {} after {}", starts[i],
            starts[i - 1]);
}

// The fraction of the finished steps, 0 … 1.
inline double progress(int64_t step, int64_t total_steps) {
  return static_cast<double>(std::min(step, total_steps)) / static_cast<double>(total_steps);
}

}  // namespace gradus::optim::detail
