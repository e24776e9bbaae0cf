#include "optim/schedules/schedule_table.hpp"

#include <cmath>

#include "optim/rate_checks.hpp"

namespace gradus::optim {
namespace {

// What a schedule is by default, for a rate and a number of steps.
template <class Options>
using Defaults = Options (*)(double base_lr, int64_t total_steps);

template <class Options>
Registry<ScheduleFactory>::Entry row(std::string name, std::string help,
                                     Schedule (*schedule)(double, const Options&),
                                     Defaults<Options> defaults) {
  const auto make = [=](double base_lr, int64_t total_steps, const OptionValues& values) {
    return schedule(base_lr,
                    with_values(name, Options::table(), defaults(base_lr, total_steps), values));
  };
  return {name, std::move(help), {option_infos(Options::table(), defaults(0, 0)), make}};
}

// So long that `count` of them are all steps or just more.
int64_t period(int64_t total_steps, int64_t count) {
  return (total_steps + count - 1) / count;
}

double per_step(double whole, int64_t total_steps) {
  return whole / static_cast<double>(total_steps);
}

// At half and three quarters of the steps.
std::vector<int64_t> milestones(int64_t total_steps) {
  if (total_steps < 4) return {};
  return {total_steps / 2, total_steps * 3 / 4};
}

}  // namespace

Schedule ScheduleFactory::operator()(double base_lr, int64_t total_steps,
                                     const OptionValues& values, int64_t warmup_steps) const {
  detail::check_total("schedule", total_steps);
  detail::check_warmup(warmup_steps, total_steps);
  const Schedule inner = make(base_lr, total_steps - warmup_steps, values);
  return warmup_steps == 0 ? inner : warmup(warmup_steps, inner);
}

const Registry<ScheduleFactory>& schedules() {
  static const Registry<ScheduleFactory> registry(
      "schedule",
      {row<NoOptions>(
           "constant", "the same rate throughout",
           [](double lr, const NoOptions&) { return constant(lr); },
           [](double, int64_t) { return NoOptions{}; }),
       row<StepOptions>(
           "step", "multiplied by gamma every step_size steps (a third of all)", step_decay,
           [](double, int64_t steps) { return StepOptions{.step_size = period(steps, 3)}; }),
       row<MultiStepOptions>(
           "multi-step", "multiplied by gamma at the milestones (1/2 and 3/4 of all steps)",
           multi_step,
           [](double, int64_t steps) { return MultiStepOptions{.milestones = milestones(steps)}; }),
       row<PiecewiseConstantOptions>(
           "piecewise-constant", "values[i] from boundaries[i - 1] on (1/10 at 1/2, 1/100 at 3/4)",
           [](double, const PiecewiseConstantOptions& o) { return piecewise_constant(o); },
           [](double lr, int64_t steps) {
             PiecewiseConstantOptions o{.boundaries = milestones(steps), .values = {lr}};
             for (std::size_t i = 0; i < o.boundaries.size(); ++i)
               o.values.push_back(o.values.back() / 10);
             return o;
           }),
       row<InverseTimeOptions>("inverse-time", "over 1 + decay_rate·t (to 1/10 at the end)",
                               inverse_time,
                               [](double, int64_t steps) {
                                 return InverseTimeOptions{.decay_rate = per_step(9, steps)};
                               }),
       row<InverseSqrtOptions>(
           "inverse-sqrt", "over the root of 1 + decay_rate·t (to 1/10 at the end)", inverse_sqrt,
           [](double, int64_t steps) {
             return InverseSqrtOptions{.decay_rate = per_step(99, steps)};
           }),
       row<ExponentialOptions>(
           "exponential", "times gamma every step (to 1/100 at the end)", exponential,
           [](double, int64_t steps) {
             return ExponentialOptions{.gamma = std::pow(0.01, per_step(1, steps))};
           }),
       row<NaturalExponentialOptions>(
           "natural-exponential", "times e^(-decay_rate·t) (to 1/100 at the end)",
           natural_exponential,
           [](double, int64_t steps) {
             return NaturalExponentialOptions{.decay_rate = per_step(std::log(100), steps)};
           }),
       row<PolynomialOptions>(
           "polynomial",
           "to min_lr, which the step after the last would have, as a power of the steps that are "
           "left",
           polynomial,
           [](double, int64_t steps) { return PolynomialOptions{.total_steps = steps}; }),
       row<CosineOptions>(
           "cosine",
           "half a cosine down to min_lr, which the step after the last would have (Loshchilov and "
           "Hutter 2017)",
           cosine, [](double, int64_t steps) { return CosineOptions{.total_steps = steps}; }),
       row<CosineWarmRestartsOptions>(
           "cosine-warm-restarts",
           "cosines again and again (t_0: a seventh of all steps, t_mult 2)", cosine_warm_restarts,
           [](double, int64_t steps) {
             return CosineWarmRestartsOptions{.t_0 = period(steps, 7), .t_mult = 2};
           }),
       row<CyclicOptions>(
           "cyclic", "up and down (a sixth of all steps each) (Smith 2017)", cyclic,
           [](double, int64_t steps) { return CyclicOptions{.step_size_up = period(steps, 6)}; }),
       row<OneCycleOptions>(
           "one-cycle", "up, then down to almost nothing (Smith and Topin 2018)", one_cycle,
           [](double, int64_t steps) { return OneCycleOptions{.total_steps = steps}; }),
       row<ReduceOnPlateauOptions>(
           "reduce-on-plateau", "times factor when the validation loss stops to fall",
           reduce_on_plateau,
           [](double, int64_t) { return ReduceOnPlateauOptions{.patience = 2}; })},
      {{"constant", {"none", "constant-lr"}},
       {"step", {"step-lr"}},
       {"multi-step", {"multi-step-lr"}},
       {"exponential", {"exponential-lr"}},
       {"inverse-time", {"inverse-time-decay"}},
       {"piecewise-constant", {"piecewise-constant-decay"}},
       {"polynomial", {"linear", "polynomial-lr", "polynomial-decay"}},
       {"cosine", {"cosine-decay", "cosine-annealing", "cosine-annealing-lr"}},
       {"cosine-warm-restarts", {"cosine-decay-restarts", "cosine-annealing-warm-restarts"}},
       {"cyclic", {"cyclic-lr"}},
       {"one-cycle", {"one-cycle-lr", "1cycle"}},
       {"reduce-on-plateau", {"plateau", "reduce-lr-on-plateau"}}});
  return registry;
}

}  // namespace gradus::optim
