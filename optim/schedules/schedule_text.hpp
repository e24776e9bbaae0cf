// Schedules by name, and as text: of a name with its options, or several one after the other.
#pragma once

#include "core/text/registry.hpp"
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

/// What stands in a text about one schedule.
struct SchedulePart {
  std::string name;                       ///< one of schedules()
  OptionValues values = {};               ///< by the names of its options
  std::optional<double> lr = {};          ///< its largest rate, in place of that of all
  std::variant<int64_t, double> start{};  ///< a step, or a part of all steps, in [0, 1)
};

/// Reads parts joined by +, each `NAME[:OPTION=VALUE,…][@START]`: "one-cycle",
/// "cosine:min-lr=1e-4 + exponential:lr=1e-4,gamma=0.999@50%". Options may also be separated by
/// "/".
/// - An option is one of the schedule's, in which "_" is as good as "-", or `lr`. A flag needs no
///   =VALUE; lists are separated by commas, too: "multi-step:milestones=1000,2000,gamma=0.2".
/// - START is a step, or a part of all steps: "50%" or "0.5". All but the first need it.
///
/// Throws std::invalid_argument for an unknown name, an option that the schedule doesn't have, a
/// value or start that is none, and an option that is given twice.
std::vector<SchedulePart> parse_schedule(std::string_view text);

/// The schedule of a text over `total_steps`, each part over the steps until the next begins, from
/// `base_lr` or its own `lr`. A linear warm-up before it is included in the steps, and starts are
/// counted from its end. `values` are for every part that has such an option and doesn't say it
/// itself. Throws std::invalid_argument as parse_schedule() and the schedules do, and unless starts
/// begin at 0, grow, and leave a step for the last part.
Schedule make_schedule(std::string_view text, double base_lr, int64_t total_steps,
                       const OptionValues& values = {}, int64_t warmup_steps = 0);

/// The same of a text that was parsed.
Schedule make_schedule(std::vector<SchedulePart> parts, double base_lr, int64_t total_steps,
                       const OptionValues& values = {}, int64_t warmup_steps = 0);

}  // namespace gradus::optim
