#include "optim/schedules/cycle.hpp"

#include <cmath>

#include "core/math.hpp"
#include "optim/rate_checks.hpp"

namespace gradus::optim {

constexpr Range one_or_more{.low = 1, .high = range::largest};
constexpr Range shrinking{.low = 0, .high = 1, .excludes_low = true};

OptionTable<CyclicOptions> CyclicOptions::table() {
  using O = CyclicOptions;
  return {{"step_size_up", &O::step_size_up, range::count, "steps of a rise"},
          {"step_size_down", &O::step_size_down, range::count_or_zero,
           "steps of a fall; 0: the same as a rise"},
          {"div_factor", &O::div_factor, one_or_more, "highest rate divided by the first"},
          {"mode",
           &O::mode,
           {"triangular", "triangular2", "exp_range"},
           "height of cycles: constant; halved each time; times gamma each step"},
          {"gamma", &O::gamma, shrinking, "factor of each step, for exp_range"}};
}

OptionTable<OneCycleOptions> OneCycleOptions::table() {
  using O = OneCycleOptions;
  return {{"pct_start", &O::pct_start, range::zero_to_one,
           "fraction of the steps in which the rate rises"},
          {"div_factor", &O::div_factor, one_or_more, "highest rate divided by the first"},
          {"final_div_factor", &O::final_div_factor, one_or_more, "first rate divided by the last"},
          {"anneal", &O::anneal, {"cosine", "linear"}, "curve of rise and fall"},
          {"three_phase", &O::three_phase, "fall to the first rate as fast as it rose, then below"},
          {"cycle_momentum", &O::cycle_momentum, "change momentum opposite to the rate"},
          {"base_momentum", &O::base_momentum, range::fraction, "momentum at the highest rate"},
          {"max_momentum", &O::max_momentum, range::fraction, "momentum at the lowest rate"}};
}

Schedule cyclic(double max_lr, const CyclicOptions& options) {
  detail::check_rate("cyclic", max_lr, options);
  const double up = static_cast<double>(options.step_size_up);
  const double down =
      options.step_size_down == 0 ? up : static_cast<double>(options.step_size_down);
  const double base = max_lr / options.div_factor;
  return Schedule([=, mode = options.mode, gamma = options.gamma](int64_t step) {
    const double t = static_cast<double>(step), cycle = std::floor(t / (up + down));
    const double position = t - cycle * (up + down);
    double height = position <= up ? position / up : (up + down - position) / down;
    if (mode == CycleMode::triangular2) height *= math::pow(2, -cycle);
    if (mode == CycleMode::exp_range) height *= math::pow(gamma, t);
    return base + (max_lr - base) * height;
  });
}

Schedule one_cycle(double max_lr, const OneCycleOptions& options) {
  detail::check_rate("one_cycle", max_lr, options);
  require(options.base_momentum <= options.max_momentum, "one_cycle",
          "base_momentum must be at most max_momentum, got {} and {}", options.base_momentum,
          options.max_momentum);
  require(!options.three_phase || options.pct_start <= 0.5, "one_cycle",
          "pct_start must be at most 0.5 with three_phase, got {}", options.pct_start);
  const double last = static_cast<double>(options.total_steps - 1);
  const double peak = options.pct_start * static_cast<double>(options.total_steps) - 1;
  // The course from `start` at step 0 through `middle` at the peak, and with three phases through
  // `start` again after as many steps, to `end`.
  const auto course = [=, curve = options.anneal, is_back = options.three_phase](
                          double start, double middle, double end) {
    return [=](int64_t step) {
      const double t = std::min(static_cast<double>(step), last);
      if (t <= peak) return anneal(curve, start, middle, peak > 0 ? t / peak : 1);
      if (!is_back) return anneal(curve, middle, end, (t - peak) / (last - peak));
      if (t <= 2 * peak) return anneal(curve, middle, start, (t - peak) / peak);
      return anneal(curve, start, end, (t - 2 * peak) / (last - 2 * peak));
    };
  };
  const double start = max_lr / options.div_factor;
  Schedule::Momentum momentum;
  if (options.cycle_momentum)
    momentum = course(options.max_momentum, options.base_momentum, options.max_momentum);
  return Schedule(course(start, max_lr, start / options.final_div_factor), momentum);
}

}  // namespace gradus::optim
