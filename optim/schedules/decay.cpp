#include "optim/schedules/decay.hpp"

#include <cmath>

#include "core/math.hpp"
#include "optim/rate_checks.hpp"

namespace gradus::optim {

OptionTable<StepOptions> StepOptions::table() {
  using O = StepOptions;
  return {{"step_size", &O::step_size, range::count, "steps between drops"},
          {"gamma", &O::gamma, range::positive, "factor of a drop, or of each step or cycle"}};
}

OptionTable<MultiStepOptions> MultiStepOptions::table() {
  using O = MultiStepOptions;
  return {{"milestones", &O::milestones, "steps of the drops"},
          {"gamma", &O::gamma, range::positive, "factor of a drop"}};
}

OptionTable<PiecewiseConstantOptions> PiecewiseConstantOptions::table() {
  using O = PiecewiseConstantOptions;
  return {{"boundaries", &O::boundaries, "steps of the changes"},
          {"values", &O::values, "rates, one more than boundaries"}};
}

OptionTable<DecayRateOptions> DecayRateOptions::table() {
  using O = DecayRateOptions;
  return {{"decay_rate", &O::decay_rate, range::not_negative, "decay per step"}};
}

OptionTable<ExponentialOptions> ExponentialOptions::table() {
  using O = ExponentialOptions;
  return {{"gamma", &O::gamma, range::positive, "factor of every step"}};
}

OptionTable<PolynomialOptions> PolynomialOptions::table() {
  using O = PolynomialOptions;
  return {{"power", &O::power, range::positive, "exponent; 1 is a straight line"},
          {"min_lr", &O::min_lr, range::not_negative, "lowest rate"}};
}

// The number of `steps` that are not after `step`.
static std::size_t passed(const std::vector<int64_t>& steps, int64_t step) {
  return static_cast<std::size_t>(std::ranges::upper_bound(steps, step) - steps.begin());
}

// A schedule with the rate f(t) at step t.
template <class F>
static Schedule by_formula(F f) {
  return Schedule([f](int64_t step) { return f(static_cast<double>(step)); });
}

Schedule constant(double base_lr) {
  range::positive.check("constant", "lr", base_lr);
  return Schedule([=](int64_t) { return base_lr; });
}

Schedule step_decay(double base_lr, const StepOptions& options) {
  detail::check_rate("step", base_lr, options);
  return Schedule([=](int64_t step) {
    return base_lr * math::pow(options.gamma, static_cast<double>(step / options.step_size));
  });
}

Schedule multi_step(double base_lr, const MultiStepOptions& options) {
  detail::check_rate("multi_step", base_lr, options);
  detail::check_increasing("multi_step", "milestones", options.milestones);
  return Schedule([=](int64_t step) {
    return base_lr *
           math::pow(options.gamma, static_cast<double>(passed(options.milestones, step)));
  });
}

Schedule piecewise_constant(const PiecewiseConstantOptions& options) {
  detail::check_increasing("piecewise_constant", "boundaries", options.boundaries);
  require(options.values.size() == options.boundaries.size() + 1, "piecewise_constant",
          "the number of values must be that of boundaries plus 1, got {} and {}",
          options.values.size(), options.boundaries.size());
  for (const double value : options.values)
    range::not_negative.check("piecewise_constant", "each of values", value);
  return Schedule([=](int64_t step) { return options.values[passed(options.boundaries, step)]; });
}

Schedule inverse_time(double base_lr, const InverseTimeOptions& options) {
  detail::check_rate("inverse_time", base_lr, options);
  return by_formula([=](double t) { return base_lr / (1 + options.decay_rate * t); });
}

Schedule inverse_sqrt(double base_lr, const InverseSqrtOptions& options) {
  detail::check_rate("inverse_sqrt", base_lr, options);
  return by_formula([=](double t) { return base_lr / std::sqrt(1 + options.decay_rate * t); });
}

Schedule exponential(double base_lr, const ExponentialOptions& options) {
  detail::check_rate("exponential", base_lr, options);
  return by_formula([=](double t) { return base_lr * math::pow(options.gamma, t); });
}

Schedule natural_exponential(double base_lr, const NaturalExponentialOptions& options) {
  detail::check_rate("natural_exponential", base_lr, options);
  return by_formula([=](double t) { return base_lr * math::exp(-options.decay_rate * t); });
}

Schedule polynomial(double base_lr, const PolynomialOptions& options) {
  detail::check_rate("polynomial", base_lr, options);
  return Schedule([=](int64_t step) {
    const double left = 1 - detail::progress(step, options.total_steps);
    return options.min_lr + (base_lr - options.min_lr) * math::pow(left, options.power);
  });
}

}  // namespace gradus::optim
