// The schedules by name.
#pragma once

#include "core/text/option_table.hpp"
#include "core/text/registry.hpp"
#include "optim/schedules/cosine.hpp"
#include "optim/schedules/cycle.hpp"
#include "optim/schedules/decay.hpp"
#include "optim/schedules/plateau.hpp"

namespace gradus::optim {

/// Makes a schedule of one name, and tells what can be said about it.
struct ScheduleFactory {
  /// What it can be told. A default that the option's range refuses stands for one that depends on
  /// the rate and the steps; the help says which.
  std::vector<OptionInfo> options;
  /// Called by operator().
  std::function<Schedule(double base_lr, int64_t total_steps, const OptionValues&)> make;

  /// Over `total_steps`, those of the linear warm-up before it included; `base_lr` is the largest
  /// rate. Throws std::invalid_argument for an option that the schedule doesn't have, "[cosine] has
  /// no option gamma", one that is out of its range, or a warm-up that leaves no step.
  Schedule operator()(double base_lr, int64_t total_steps, const OptionValues& values = {},
                      int64_t warmup_steps = 0) const;
};

/// The schedules by name.
const Registry<ScheduleFactory>& schedules();

}  // namespace gradus::optim
