#include "optim/schedule.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <numbers>
#include <string_view>

namespace gradus::optim {
namespace {

void require_positive(std::string_view schedule, std::string_view option, double value) {
  require(value > 0 && std::isfinite(value), schedule, "{} is positive and finite, got {}", option,
          value);
}

void require_one_or_more(std::string_view schedule, std::string_view option, double value) {
  require(value >= 1 && std::isfinite(value), schedule, "{} is 1 or more, got {}", option, value);
}

// `rate`, for steps that are none only an error.
template <class Rate>
Schedule checked(Rate rate) {
  return [rate = std::move(rate)](int64_t step) {
    require(step >= 0, "schedule", "steps count from 0, got {}", step);
    return rate(step);
  };
}

// From `from` to `to` as `progress` goes from 0 to 1.
double anneal(Anneal curve, double from, double to, double progress) {
  if (curve == Anneal::linear) return from + (to - from) * progress;
  return to + 0.5 * (from - to) * (1 + std::cos(std::numbers::pi * progress));
}

void check_options(std::string_view schedule, const ScheduleOptions& o,
                   std::initializer_list<std::string_view> known) {
  const std::pair<std::string_view, bool> given[] = {
      {"warmup_steps", o.warmup_steps != 0},
      {"step_size", o.step_size.has_value()},
      {"gamma", o.gamma.has_value()},
      {"min_lr", o.min_lr.has_value()},
      {"pct_start", o.pct_start.has_value()},
      {"div_factor", o.div_factor.has_value()},
      {"final_div_factor", o.final_div_factor.has_value()},
      {"anneal", o.anneal.has_value()}};
  for (const auto& [option, is_given] : given)
    require(!is_given || std::find(known.begin(), known.end(), option) != known.end(), schedule,
            "has no option {}", option);
}

// The steps that the warm-up leaves.
int64_t remaining_steps(std::string_view schedule, int64_t total_steps, const ScheduleOptions& o) {
  require_one_or_more(schedule, "total_steps", static_cast<double>(total_steps));
  require(o.warmup_steps >= 0 && o.warmup_steps < total_steps, schedule,
          "warmup_steps is 0 … {}, got {}", total_steps - 1, o.warmup_steps);
  return total_steps - o.warmup_steps;
}

}  // namespace

Schedule constant(double base_lr) {
  require_positive("constant", "lr", base_lr);
  return checked([base_lr](int64_t) { return base_lr; });
}

Schedule step_decay(double base_lr, const StepOptions& options) {
  require_positive("step", "lr", base_lr);
  require_one_or_more("step", "step_size", static_cast<double>(options.step_size));
  require_positive("step", "gamma", options.gamma);
  return checked([=](int64_t step) {
    return base_lr * std::pow(options.gamma, static_cast<double>(step / options.step_size));
  });
}

Schedule cosine(double base_lr, const CosineOptions& options) {
  require_positive("cosine", "lr", base_lr);
  require_one_or_more("cosine", "total_steps", static_cast<double>(options.total_steps));
  require(options.min_lr >= 0 && options.min_lr <= base_lr, "cosine",
          "min_lr is 0 … lr = {}, got {}", base_lr, options.min_lr);
  return checked([=](int64_t step) {
    const double progress = static_cast<double>(std::min(step, options.total_steps)) /
                            static_cast<double>(options.total_steps);
    return anneal(Anneal::cosine, base_lr, options.min_lr, progress);
  });
}

Schedule one_cycle(double max_lr, const OneCycleOptions& options) {
  require_positive("one_cycle", "lr", max_lr);
  require_one_or_more("one_cycle", "total_steps", static_cast<double>(options.total_steps));
  require(options.pct_start >= 0 && options.pct_start <= 1, "one_cycle",
          "pct_start is in [0, 1], got {}", options.pct_start);
  require_one_or_more("one_cycle", "div_factor", options.div_factor);
  require_one_or_more("one_cycle", "final_div_factor", options.final_div_factor);
  const double start = max_lr / options.div_factor;
  const double last = static_cast<double>(options.total_steps - 1);
  const double peak = options.pct_start * static_cast<double>(options.total_steps) - 1;
  return checked([=, curve = options.anneal, end = start / options.final_div_factor](int64_t step) {
    const double t = std::min(static_cast<double>(step), last);
    if (t <= peak) return anneal(curve, start, max_lr, peak > 0 ? t / peak : 1);
    return anneal(curve, max_lr, end, (t - peak) / (last - peak));
  });
}

Schedule warmup(int64_t warmup_steps, Schedule inner) {
  require(warmup_steps >= 0, "warmup", "warmup_steps is 0 or more, got {}", warmup_steps);
  require(inner != nullptr, "warmup", "needs a schedule to go on with");
  return checked([=, inner = std::move(inner)](int64_t step) {
    if (step >= warmup_steps) return inner(step - warmup_steps);
    return inner(0) * static_cast<double>(step + 1) / static_cast<double>(warmup_steps);
  });
}

const Registry<ScheduleFactory>& schedules() {
  static const Registry<ScheduleFactory> registry(
      "schedule",
      {{"constant", "the same rate throughout",
        [](double base_lr, int64_t total_steps, const ScheduleOptions& o) {
          check_options("constant", o, {"warmup_steps"});
          remaining_steps("constant", total_steps, o);
          return warmup(o.warmup_steps, constant(base_lr));
        }},
       {"step", "multiplied by gamma every step_size steps",
        [](double base_lr, int64_t total_steps, const ScheduleOptions& o) {
          check_options("step", o, {"warmup_steps", "step_size", "gamma"});
          const int64_t steps = remaining_steps("step", total_steps, o);
          const int64_t third = std::max<int64_t>(1, steps / 3);
          return warmup(o.warmup_steps,
                        step_decay(base_lr, {.step_size = o.step_size.value_or(third),
                                             .gamma = o.gamma.value_or(0.1)}));
        }},
       {"cosine", "half a cosine from the rate to min_lr (Loshchilov and Hutter 2017)",
        [](double base_lr, int64_t total_steps, const ScheduleOptions& o) {
          check_options("cosine", o, {"warmup_steps", "min_lr"});
          const int64_t steps = remaining_steps("cosine", total_steps, o);
          return warmup(o.warmup_steps,
                        cosine(base_lr, {.total_steps = steps, .min_lr = o.min_lr.value_or(0)}));
        }},
       {"one-cycle", "up to the rate, then down to almost nothing (Smith and Topin 2018)",
        [](double base_lr, int64_t total_steps, const ScheduleOptions& o) {
          check_options("one_cycle", o, {"pct_start", "div_factor", "final_div_factor", "anneal"});
          const OneCycleOptions defaults{.total_steps = total_steps};
          return one_cycle(
              base_lr, {.total_steps = total_steps,
                        .pct_start = o.pct_start.value_or(defaults.pct_start),
                        .div_factor = o.div_factor.value_or(defaults.div_factor),
                        .final_div_factor = o.final_div_factor.value_or(defaults.final_div_factor),
                        .anneal = o.anneal.value_or(defaults.anneal)});
        }}});
  return registry;
}

}  // namespace gradus::optim
