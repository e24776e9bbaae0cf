// make_schedule, schedules: schedules by name and from text.
#pragma once

#include "core/text/registry.hpp"
#include "optim/schedules/cycle.hpp"
#include "optim/schedules/decay.hpp"
#include "optim/schedules/plateau.hpp"

namespace gradus::optim {

/// Makes the schedule of one name, with its options.
struct ScheduleFactory {
  /// Its options. A default outside the option's range means one that depends on the rate and the
  /// steps; the help describes it.
  std::vector<OptionInfo> options;
  /// Called by operator().
  std::function<Schedule(double base_lr, int64_t total_steps, const OptionValues&)> make;

  /// The schedule for `total_steps`, which include the linear warmup before it; `base_lr` is the
  /// largest rate. Throws std::invalid_argument for an option that the schedule doesn't have,
  /// "[cosine] has no option gamma", one that is out of its range, or a warmup that leaves no step.
  Schedule operator()(double base_lr, int64_t total_steps, const OptionValues& values = {},
                      int64_t warmup_steps = 0) const;
};

/// The schedules by name.
const Registry<ScheduleFactory>& schedules();

/// One schedule of a text.
struct SchedulePart {
  std::string name;                       ///< one of schedules()
  OptionValues values = {};               ///< by the names of its options
  std::optional<double> lr = {};          ///< its largest rate, which replaces the common one
  std::variant<int64_t, double> start{};  ///< a step, or a fraction of all steps in [0, 1)
};

/// Reads parts joined by +, each `NAME[:OPTION=VALUE,…][@START]`: "one-cycle",
/// "cosine:min-lr=1e-4 + exponential:lr=1e-4,gamma=0.999@50%". Options may also be separated by
/// "/".
/// - An option is one of the schedule's ("_" and "-" are equivalent), or `lr`. A flag needs no
/// =VALUE; lists are also separated by commas: "multi-step:milestones=1000,2000,gamma=0.2".
/// - START is a step, or a fraction of all steps: "50%" or "0.5". All parts except the first need
/// it.
///
/// Throws std::invalid_argument for an unknown name, an option that the schedule doesn't have, a
/// wrong value or start, and an option that is given twice.
std::vector<SchedulePart> parse_schedule(std::string_view text);

/// The schedule of a text for `total_steps`. Each part has the steps until the next part starts,
/// and `base_lr` or its own `lr`. A linear warmup before it is included in the steps; starts are
/// counted from its end. `values` apply to every part that has the option and doesn't set it
/// itself. Throws the errors of parse_schedule() and of the schedules, and std::invalid_argument
/// unless starts begin at 0, increase, and leave a step for the last part.
Schedule make_schedule(std::string_view text, double base_lr, int64_t total_steps,
                       const OptionValues& values = {}, int64_t warmup_steps = 0);

/// The same for a parsed text.
Schedule make_schedule(std::vector<SchedulePart> parts, double base_lr, int64_t total_steps,
                       const OptionValues& values = {}, int64_t warmup_steps = 0);

}  // namespace gradus::optim
