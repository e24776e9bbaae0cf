#include "optim/schedules/schedule_text.hpp"

#include <cmath>

#include "core/math.hpp"
#include "optim/rate_checks.hpp"

namespace gradus::optim {
namespace {

// The default options of a schedule, for a rate and a number of steps.
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

// The length of a period so that `count` periods cover all steps.
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

// "2000", "50%" or "0.5"
std::variant<int64_t, double> parse_start(std::string_view text) {
  if (const auto step = parse_number<int64_t>(text); step && *step >= 0) return *step;
  const bool percent = text.ends_with('%');
  const auto number = parse_number<double>(text.substr(0, text.size() - (percent ? 1 : 0)));
  const double part = number.value_or(-1) / (percent ? 100 : 1);
  require(range::fraction.holds(part), "schedule",
          "a start must be a step, or a fraction of all steps below 1 as in 50% or 0.5, got '{}'",
          text);
  return part;
}

SchedulePart read(Spec spec) {
  spec.name = schedules().entry(spec.name).name;
  std::vector<OptionInfo> options = schedules().find(spec.name).options;
  options.push_back({"lr", "largest rate", 0., range::positive});
  SchedulePart part{.name = spec.name, .values = values_of(spec, options)};
  if (const auto lr = part.values.extract("lr")) part.lr = std::get<double>(lr.mapped());
  if (spec.start) part.start = parse_start(*spec.start);
  return part;
}

// Adds the `values` to every part that has the option and doesn't set it itself.
void add_values(std::vector<SchedulePart>& parts, const OptionValues& values) {
  std::string names;
  for (const SchedulePart& part : parts) names += (names.empty() ? "" : " + ") + part.name;
  for (const auto& [name, value] : values) {
    bool known = false;
    for (SchedulePart& part : parts) {
      if (!find_option(schedules().find(part.name).options, name)) continue;
      part.values.emplace(name, value);
      known = true;
    }
    require(known, names, "has no option {}", name);
  }
}

int64_t step_of(const std::variant<int64_t, double>& start, int64_t steps) {
  if (const auto* step = std::get_if<int64_t>(&start)) return *step;
  return std::llround(std::get<double>(start) * static_cast<double>(steps));
}

}  // namespace

Schedule ScheduleFactory::operator()(double base_lr, int64_t total_steps,
                                     const OptionValues& values, int64_t warmup_steps) const {
  detail::check_total("schedule", total_steps);
  detail::check_warmup(warmup_steps, total_steps);
  return warmup(warmup_steps, make(base_lr, total_steps - warmup_steps, values));
}

const Registry<ScheduleFactory>& schedules() {
  static const Registry<ScheduleFactory> registry(
      "schedule",
      {row<NoOptions>(
           "constant", "a constant rate", [](double lr, const NoOptions&) { return constant(lr); },
           [](double, int64_t) { return NoOptions{}; }),
       row<StepOptions>(
           "step", "multiplied by gamma every step_size steps (a third of all)", step_decay,
           [](double, int64_t steps) { return StepOptions{.step_size = period(steps, 3)}; }),
       row<MultiStepOptions>(
           "multi-step", "multiplied by gamma at the milestones (1/2 and 3/4 of all steps)",
           multi_step,
           [](double, int64_t steps) { return MultiStepOptions{.milestones = milestones(steps)}; }),
       row<PiecewiseConstantOptions>(
           "piecewise-constant",
           "values[i] from step boundaries[i - 1] on (1/10 at 1/2, 1/100 at 3/4)",
           [](double, const PiecewiseConstantOptions& o) { return piecewise_constant(o); },
           [](double lr, int64_t steps) {
             PiecewiseConstantOptions o{.boundaries = milestones(steps), .values = {lr}};
             for (std::size_t i = 0; i < o.boundaries.size(); ++i)
               o.values.push_back(o.values.back() / 10);
             return o;
           }),
       row<InverseTimeOptions>("inverse-time", "divided by 1 + decay_rate·t (to 1/10 at the end)",
                               inverse_time,
                               [](double, int64_t steps) {
                                 return InverseTimeOptions{.decay_rate = per_step(9, steps)};
                               }),
       row<InverseSqrtOptions>("inverse-sqrt",
                               "divided by the root of 1 + decay_rate·t (to 1/10 at the end)",
                               inverse_sqrt,
                               [](double, int64_t steps) {
                                 return InverseSqrtOptions{.decay_rate = per_step(99, steps)};
                               }),
       row<ExponentialOptions>(
           "exponential", "times gamma every step (to 1/100 at the end)", exponential,
           [](double, int64_t steps) {
             return ExponentialOptions{.gamma = math::pow(0.01, per_step(1, steps))};
           }),
       row<NaturalExponentialOptions>(
           "natural-exponential", "times e^(-decay_rate·t) (to 1/100 at the end)",
           natural_exponential,
           [](double, int64_t steps) {
             return NaturalExponentialOptions{.decay_rate = per_step(math::log(100), steps)};
           }),
       row<PolynomialOptions>(
           "polynomial",
           "falls to min_lr (one step after the last) as a power of the remaining steps",
           polynomial,
           [](double, int64_t steps) { return PolynomialOptions{.total_steps = steps}; }),
       row<CosineOptions>(
           "cosine",
           "half a cosine down to min_lr, one step after the last (Loshchilov and Hutter 2017)",
           cosine, [](double, int64_t steps) { return CosineOptions{.total_steps = steps}; }),
       row<CosineWarmRestartsOptions>(
           "cosine-warm-restarts", "repeated cosines (t_0: a seventh of all steps, t_mult 2)",
           cosine_warm_restarts,
           [](double, int64_t steps) {
             return CosineWarmRestartsOptions{.t_0 = period(steps, 7), .t_mult = 2};
           }),
       row<CyclicOptions>(
           "cyclic", "up and down (a sixth of all steps each) (Smith 2017)", cyclic,
           [](double, int64_t steps) { return CyclicOptions{.step_size_up = period(steps, 6)}; }),
       row<OneCycleOptions>(
           "one-cycle", "up, then down to almost 0 (Smith and Topin 2018)", one_cycle,
           [](double, int64_t steps) { return OneCycleOptions{.total_steps = steps}; }),
       row<ReduceOnPlateauOptions>(
           "reduce-on-plateau", "times factor when the validation loss stops falling",
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

std::vector<SchedulePart> parse_schedule(std::string_view text) {
  std::vector<SchedulePart> parts;
  for (const Spec& spec :
       parse_specs(text, {.owner = "schedule", .separators = ",/", .has_starts = true})) {
    parts.push_back(read(spec));
    require(spec.start || parts.size() == 1, "schedule",
            "'{}' needs a start, a step or a fraction of all steps, as in '{}@50%'", spec.text,
            spec.text);
  }
  return parts;
}

Schedule make_schedule(std::string_view text, double base_lr, int64_t total_steps,
                       const OptionValues& values, int64_t warmup_steps) {
  return make_schedule(parse_schedule(text), base_lr, total_steps, values, warmup_steps);
}

Schedule make_schedule(std::vector<SchedulePart> parts, double base_lr, int64_t total_steps,
                       const OptionValues& values, int64_t warmup_steps) {
  detail::check_total("schedule", total_steps);
  detail::check_warmup(warmup_steps, total_steps);
  add_values(parts, values);
  const int64_t steps = total_steps - warmup_steps;
  std::vector<int64_t> starts;
  for (const SchedulePart& part : parts) starts.push_back(step_of(part.start, steps));
  detail::check_starts("schedule", starts);
  require(starts.back() < steps, "schedule", "starts must be below the number of steps, {}, got {}",
          steps, starts.back());
  std::vector<Piece> pieces;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const int64_t end = i + 1 < parts.size() ? starts[i + 1] : steps;
    const int64_t length = end - starts[i];
    const Schedule schedule =
        schedules().find(parts[i].name)(parts[i].lr.value_or(base_lr), length, parts[i].values);
    // A rate that grows is the largest at the end.
    require(std::isfinite(schedule(length - 1)), parts[i].name,
            "the rate must stay finite, got infinity at step {} of {}", end, total_steps);
    pieces.push_back({starts[i], schedule});
  }
  return warmup(warmup_steps, chain(std::move(pieces)));
}

}  // namespace gradus::optim
