// Claim: a comparison with central differences, (f(x + h) − f(x − h))/2h, shows whether a gradient
// is wrong. Of the planted mistakes, some are missed, depending on the upstream gradient of the
// check, its points and its precision. (Bengio 2012, section 4.1.)
#include "apps/lab/experiments/toolbox.hpp"
#include "apps/lab/models/planted.hpp"

namespace gradus::lab::gradient_check_experiment {

// The settings of a gradient check.
struct Check {
  const char* name;
  bool of_sum = false;    // the upstream gradient is 1 everywhere instead of random
  bool positive = false;  // all elements of the points are above 0
  DType dtype = DType::f64;
  GradcheckOptions gradcheck_options = {};
};
const Check checks[] = {
    {.name = "random upstream"},
    {.name = "of the sum", .of_sum = true},
    {.name = "at x > 0 alone", .positive = true},
    {.name = "float, h = 0.01", .dtype = DType::f32, .gradcheck_options = {0.01, 0.01, 0.001}},
    {.name = "float, h = 1e-6", .dtype = DType::f32}};
enum { random_upstream, of_sum, above_zero, in_float, tiny_step };  // indices of checks

// The percentage of random points at which the check calls the gradient wrong.
double alarms(const Check& check, const Planted& planted, const ExperimentOptions& options) {
  const auto by_point = over_seeds(options, 20, [&](uint64_t seed) {
    Rng rng(seed);
    Tensor x = randn({4, 4}, rng, DType::f64);
    if (check.positive) x = abs(x);
    const auto f = [&](const Tensors& inputs) {
      const Tensor y = cast(planted(cast(inputs[0], check.dtype)), DType::f64);
      return check.of_sum ? sum(y) : y;
    };
    return gradcheck(f, {x.set_requires_grad()}, check.gradcheck_options) ? 0.0 : 100.0;
  });
  return estimate(by_point).mean;
}

// The relative error of slopes in random directions compared to central differences.
double relative_error(const Planted& planted, DType dtype, double h,
                      const ExperimentOptions& options) {
  const auto by_point = over_seeds(options, 20, [&](uint64_t seed) {
    Rng rng(seed);
    const Tensor upstream = randn({4, 4}, rng, dtype), direction = randn({4, 4}, rng, dtype);
    const Tensor x = randn({4, 4}, rng, dtype).set_requires_grad();
    const auto f = [&](const Tensor& at) { return sum(planted(at) * upstream); };
    const double slope = sum(grad({f(x)}, {x})[0] * direction).item();
    const NoGrad no_grad;
    const double rise = f(x + h * direction).item() - f(x - h * direction).item();
    return std::abs(rise / (2 * h) / slope - 1);
  });
  return estimate(by_point).mean;
}

// The number of mistakes that each check misses, and of correct gradients that it calls wrong, at
// one point or more.
struct Score {
  int missed[std::size(checks)] = {}, false_alarms[std::size(checks)] = {};
};

Verdict verdict(const Score& score) {
  const auto finds = [&](const char* check, std::size_t at) {
    return fact(fmt::format("{} it finds every mistake", check), score.missed[at] == 0,
                fmt::format("{} missed", score.missed[at]));
  };
  const auto accepts = [&](const char* check, std::size_t at) {
    return fact(fmt::format("{} it accepts every correct gradient", check),
                score.false_alarms[at] == 0,
                fmt::format("{} called wrong", score.false_alarms[at]));
  };
  return {{finds("with a random upstream gradient in double precision", random_upstream),
           accepts("with a random upstream gradient in double precision", random_upstream),
           finds("with the sum as output", of_sum), finds("at x > 0 alone", above_zero),
           finds("in float", in_float), accepts("in float, where kinks are within h,", in_float),
           accepts("in float with h = 1e-6", tiny_step)}};
}

Report run(const ExperimentOptions& options) {
  Table table{"Random points at which a check reports an error (%)", {"operation", "mistake"}};
  for (const Check& check : checks) table.columns.push_back(check.name);
  Score score;
  for (const Planted& planted : planted_gradients()) {
    table.rows.push_back({planted.operation, planted.mistake});
    for (std::size_t i = 0; i < std::size(checks); ++i) {
      const double share = alarms(checks[i], planted, options);
      table.rows.back().push_back(share);
      score.missed[i] += !planted.is_right() && share < 100;
      score.false_alarms[i] += planted.is_right() && share > 0;
    }
  }
  const auto curve = [&](const char* name, std::size_t planted, DType dtype) {
    return sampled(name, powers_of_ten(-12, 0, 49), [&](double h) {
      return relative_error(planted_gradients()[planted], dtype, h, options);
    });
  };
  return {verdict(score),
          "hand-written gradients of five operations, by gradcheck() with rtol 1e-5, in float "
          "0.01. The chart shows slopes of softmax.",
          {table},
          {{{"Slopes of softmax", "h", "relative error",
             std::vector{curve("correct, double", 0, DType::f64),
                         curve("correct, float", 0, DType::f32),
                         curve("0.1 % too large", 3, DType::f64), curve("factor 2", 2, DType::f64)},
             log_log}}}};
}

}  // namespace gradus::lab::gradient_check_experiment
