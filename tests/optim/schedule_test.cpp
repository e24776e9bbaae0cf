#include "optim/schedule.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <set>
#include <vector>

#include "core/tensor.hpp"
#include "optim/algorithms/adam.hpp"
#include "optim/algorithms/optimizers.hpp"
#include "optim/algorithms/sgd.hpp"
#include "optim/schedules/schedule_text.hpp"

using namespace gradus;
using namespace gradus::optim;

namespace {

void check_rates(const Schedule& schedule, const std::vector<double>& expected) {
  for (std::size_t step = 0; step < expected.size(); ++step) {
    CAPTURE(step);
    CHECK(schedule(static_cast<int64_t>(step)) == doctest::Approx(expected[step]).epsilon(1e-12));
  }
}

void check_momenta(const Schedule& schedule, const std::vector<double>& expected) {
  for (std::size_t step = 0; step < expected.size(); ++step) {
    CAPTURE(step);
    const auto momentum = schedule.momentum(static_cast<int64_t>(step));
    REQUIRE(momentum);
    CHECK(*momentum == doctest::Approx(expected[step]).epsilon(1e-12));
  }
}

// The rates at each step, with a metric reported after each.
std::vector<double> rates_by(const Schedule& schedule, const std::vector<double>& metrics) {
  std::vector<double> rates;
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    rates.push_back(schedule(static_cast<int64_t>(i)));
    schedule.report(static_cast<int64_t>(i), metrics[i]);
  }
  return rates;
}

}  // namespace

TEST_CASE("schedules that fall follow their formulas") {
  check_rates(constant(0.3), {0.3, 0.3, 0.3});
  check_rates(step_decay(8, {.step_size = 2, .gamma = 0.5}), {8, 8, 4, 4, 2, 2, 1});
  check_rates(multi_step(8, {.milestones = {1, 3, 4}, .gamma = 0.5}), {8, 4, 4, 2, 1, 1});
  check_rates(piecewise_constant({.boundaries = {1, 3}, .values = {3, 0, 5}}), {3, 0, 0, 5, 5});
  check_rates(inverse_time(6, {.decay_rate = 0.5}), {6, 4, 3, 2.4, 2});
  check_rates(inverse_sqrt(6, {.decay_rate = 3}), {6, 3, 6 / std::sqrt(7), 6 / std::sqrt(10)});
  check_rates(warmup(4, inverse_sqrt(1, {.decay_rate = 0.25})),
              {0.25, 0.5, 0.75, 1, 1, std::sqrt(4. / 5), std::sqrt(4. / 6)});
  check_rates(exponential(8, {.gamma = 0.5}), {8, 4, 2, 1});
  check_rates(natural_exponential(2, {.decay_rate = std::log(4)}), {2, 0.5, 0.125});
  check_rates(polynomial(5, {.total_steps = 4, .power = 2, .min_lr = 1}), {5, 3.25, 2, 1.25, 1, 1});
}

TEST_CASE("schedules along a cosine follow their formulas") {
  const double root = std::sqrt(0.5);
  check_rates(cosine(3, {.total_steps = 4, .min_lr = 1}), {3, 2 + root, 2, 2 - root, 1, 1, 1});
  check_rates(cosine_warm_restarts(3, {.t_0 = 2, .min_lr = 1}), {3, 2, 3, 2, 3});
  check_rates(cosine_warm_restarts(3, {.t_0 = 2, .t_mult = 2, .min_lr = 1}),
              {3, 2, 3, 2 + root, 2, 2 - root, 3, 2 + std::cos(M_PI / 8)});
  CHECK(std::isfinite(cosine_warm_restarts(1, {.t_0 = 1, .t_mult = 1000000000})(INT64_MAX)));
  CHECK(cosine_warm_restarts(3, {.t_0 = 4, .min_lr = 1})(int64_t{1} << 62) == 3);
}

TEST_CASE("cycles rise and fall, at the same height, half of it, or less each step") {
  check_rates(cyclic(10, {.step_size_up = 2, .step_size_down = 3}),
              {1, 5.5, 10, 7, 4, 1, 5.5, 10, 7});
  check_rates(cyclic(9, {.step_size_up = 2, .div_factor = 9, .mode = CycleMode::triangular2}),
              {1, 5, 9, 5, 1, 3, 5, 3, 1, 2, 3});
  check_rates(
      cyclic(9, {.step_size_up = 2, .div_factor = 9, .mode = CycleMode::exp_range, .gamma = 0.5}),
      {1, 3, 3, 1.5, 1, 1.125});
}

TEST_CASE("one cycle follows PyTorch's OneCycleLR and then stays") {
  check_rates(one_cycle(0.5, {.total_steps = 10, .div_factor = 10, .final_div_factor = 100}),
              {0.05, 0.275, 0.5, 0.47526697475862917, 0.4059665780142187, 0.3058246032555895,
               0.1946753967444105, 0.09453342198578131, 0.025233025241370846, 0.0005, 0.0005});
  const auto cycle = [](int64_t steps, double pct_start, Anneal curve) {
    return one_cycle(0.5, {.total_steps = steps,
                           .pct_start = pct_start,
                           .div_factor = 10,
                           .final_div_factor = 100,
                           .anneal = curve});
  };
  check_rates(cycle(8, 0.25, Anneal::linear),
              {0.05, 0.5, 0.41675, 0.3335, 0.25025, 0.167, 0.08375, 0.0005});
  check_rates(cycle(4, 0, Anneal::cosine),
              {0.42684991860134025, 0.25025, 0.07365008139865978, 0.0005});
  check_rates(cycle(4, 1, Anneal::linear), {0.05, 0.2, 0.35, 0.5, 0.5});
  check_rates(cycle(4, 0.25, Anneal::linear), {0.5, 0.3335, 0.167, 0.0005});
  check_rates(cycle(1, 1, Anneal::linear), {0.5});
}

TEST_CASE(
    "one cycle of three phases falls back to the first rate before the last part, as in PyTorch") {
  OneCycleOptions options{.total_steps = 10,
                          .div_factor = 10,
                          .final_div_factor = 100,
                          .three_phase = true,
                          .cycle_momentum = true};
  check_rates(one_cycle(0.5, options),
              {0.05, 0.275, 0.5, 0.275, 0.05, 0.04527317061077995, 0.03289817061077995,
               0.017601829389220055, 0.005226829389220054, 0.0005, 0.0005});
  check_momenta(one_cycle(0.5, options),
                {0.95, 0.9, 0.85, 0.9, 0.95, 0.95, 0.95, 0.95, 0.95, 0.95});
  options.anneal = Anneal::linear;
  check_rates(one_cycle(0.5, options),
              {0.05, 0.275, 0.5, 0.275, 0.05, 0.0401, 0.0302, 0.0203, 0.0104, 0.0005});
  options = {.total_steps = 9,
             .pct_start = 0.4,
             .div_factor = 10,
             .final_div_factor = 100,
             .three_phase = true};
  check_rates(
      one_cycle(0.5, options),
      {0.05, 0.19521390041542946, 0.44341491833849767, 0.47422760577197226, 0.24787924694255237,
       0.056538091079138326, 0.04068137259600366, 0.01451137745684044, 0.0005});
}

TEST_CASE("one cycle moves momentum against the rate, as PyTorch does") {
  const Schedule schedule = one_cycle(0.5, {.total_steps = 10, .cycle_momentum = true});
  check_momenta(schedule, {0.95, 0.8999999999999999, 0.85, 0.854951556604879, 0.8688255099070633,
                           0.8888739533021842, 0.9111260466978157, 0.9311744900929366,
                           0.945048443395121, 0.95});
  CHECK(!one_cycle(0.5, {.total_steps = 10}).momentum(3));
  check_momenta(warmup(2, schedule), {0.95, 0.95, 0.95, 0.9, 0.85});
  const Schedule later = chain({{0, constant(1)}, {3, schedule}});
  CHECK(!later.momentum(2));
  CHECK(later.momentum(5) == doctest::Approx(0.85));
}

TEST_CASE("reduce_on_plateau lowers the rate when the loss stops falling, like PyTorch's") {
  const std::vector<double> metrics{5, 4, 4, 4, 4, 4, 4, 3, 3, 3, 3, NAN, 3, 2, 2, 2};
  CHECK(rates_by(reduce_on_plateau(1, {.factor = 0.5, .patience = 1, .min_lr = 0.1}), metrics) ==
        std::vector<double>{1, 1, 1, 1, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.125, 0.125, 0.1, 0.1,
                            0.1, 0.1});
  CHECK(rates_by(reduce_on_plateau(1, {.factor = 0.5, .patience = 1, .cooldown = 2}), metrics) ==
        std::vector<double>{1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.25,
                            0.25});
  const Schedule schedule = reduce_on_plateau(1, {.factor = 0.5, .patience = 0});
  const Schedule warmed = warmup(2, schedule);
  CHECK(rates_by(warmed, {1, 1, 1, 1, 1}) == std::vector<double>{0.5, 1, 1, 1, 0.5});
}

TEST_CASE("reduce_on_plateau counts a fall that is larger than the threshold, not an equal one") {
  const ReduceOnPlateauOptions options{.factor = 0.5, .patience = 0, .threshold = 0.5};
  CHECK(rates_by(reduce_on_plateau(1, options), {4, 2, 1.75, 0.875, 0}) ==
        std::vector<double>{1, 1, 0.5, 0.5, 0.25});
}

TEST_CASE("a metric below 0 improves by falling, and a constant one doesn't") {
  const ReduceOnPlateauOptions options{.factor = 0.5, .patience = 1};
  CHECK(rates_by(reduce_on_plateau(1, options), {-1, -1, -1, -1, -1, -1}) ==
        std::vector<double>{1, 1, 1, 0.5, 0.5, 0.25});
  CHECK(rates_by(reduce_on_plateau(1, options), {-1, -2, -3, -4, -5, -6}) ==
        std::vector<double>{1, 1, 1, 1, 1, 1});
  CHECK(rates_by(reduce_on_plateau(1, options), {1, -1, -1, -1, -1, -1}) ==
        std::vector<double>{1, 1, 1, 1, 0.5, 0.5});
}

TEST_CASE("a warm-up rises to the schedule that follows it") {
  check_rates(warmup(4, constant(2)), {0.5, 1, 1.5, 2, 2});
  check_rates(warmup(0, constant(2)), {2, 2});
  check_rates(warmup(2, step_decay(8, {.step_size = 1, .gamma = 0.5})), {4, 8, 8, 4, 2});
}

TEST_CASE("a chain counts the steps of each schedule from its start") {
  check_rates(chain({{0, exponential(8, {.gamma = 0.5})},
                     {2, warmup(2, constant(6))},
                     {5, [](int64_t step) { return static_cast<double>(step); }}}),
              {8, 4, 3, 6, 6, 0, 1, 2});
  const Schedule listens =
      chain({{0, constant(4)}, {2, reduce_on_plateau(1, {.factor = 0.5, .patience = 0})}});
  CHECK(rates_by(listens, {1, 1, 1, 1, 1}) == std::vector<double>{4, 4, 1, 1, 0.5});
}

TEST_CASE("the registered schedules share total steps with their warm-up") {
  const auto make = [](const char* name, const OptionValues& values, int64_t warmup = 0) {
    return schedules().find(name)(1, 6, values, warmup);
  };
  check_rates(make("constant", {}, 2), {0.5, 1, 1, 1});
  check_rates(make("step", {}), {1, 1, 0.1, 0.1, 0.01, 0.01});
  check_rates(make("step", {{"step_size", 2.0}, {"gamma", 0.5}}, 3),
              {1. / 3, 2. / 3, 1, 1, 1, 0.5, 0.5, 0.25});
  check_rates(make("step", {{"step_size", 1.0}, {"gamma", 0.5}}, 1), {1, 1, 0.5, 0.25});
  check_rates(make("multi-step", {}), {1, 1, 1, 0.1, 0.01, 0.01});
  check_rates(schedules().find("multi-step")(1, 4), {1, 1, 0.1, 0.01});
  check_rates(schedules().find("multi-step")(1, 3), {1, 1, 1});
  check_rates(make("piecewise-constant", {}), {1, 1, 1, 0.1, 0.01, 0.01});
  check_rates(make("multi-step", {{"milestones", "1,5"}}), {1, 0.1, 0.1, 0.1, 0.1, 0.01});
  check_rates(make("piecewise-constant", {{"boundaries", "2"}, {"values", "0.5,0.25"}}),
              {0.5, 0.5, 0.25});
  check_rates(make("cosine", {{"min_lr", 0.5}}, 2),
              {0.5, 1, 1, 0.75 + 0.25 * std::sqrt(0.5), 0.75, 0.75 - 0.25 * std::sqrt(0.5), 0.5});
  check_rates(make("one-cycle", {{"pct_start", 0.5}, {"div_factor", 2.0}, {"anneal", "linear"}}),
              {0.5, 0.75, 1});
  CHECK(make("exponential", {})(6) == doctest::Approx(0.01));
  CHECK(make("natural-exponential", {})(6) == doctest::Approx(0.01));
  CHECK(make("inverse-time", {})(6) == doctest::Approx(0.1));
  CHECK(make("inverse-sqrt", {})(6) == doctest::Approx(0.1));
}

TEST_CASE("every registered schedule stays between 0 and its rate, for any number of steps") {
  for (const auto& entry : schedules().entries())
    for (const int64_t total : {1, 2, 3, 5, 8, 100})
      for (const int64_t warmup_steps : {0, 1}) {
        CAPTURE(entry.name);
        CAPTURE(total);
        if (warmup_steps == total) continue;
        const Schedule schedule = entry.make(0.3, total, {}, warmup_steps);
        for (int64_t step = 0; step < total + 3; ++step) {
          const double rate = schedule(step);
          CHECK((rate >= 0 && rate <= 0.3 * (1 + 1e-12)));
        }
      }
}

TEST_CASE("options of schedules and of optimizers have different names") {
  std::set<std::string> of_optimizers;
  for (const auto& entry : optimizers().entries())
    for (const OptionInfo& option : entry.make.options) of_optimizers.insert(option.name);
  for (const auto& entry : schedules().entries())
    for (const OptionInfo& option : entry.make.options)
      CHECK_MESSAGE(!of_optimizers.contains(option.name), option.name);
}

TEST_CASE("an optimizer's momentum can be set") {
  Tensor parameter = Tensor::ones({1}, DType::f64).set_requires_grad();
  parameter.set_grad(Tensor::ones({1}, DType::f64));
  SGD sgd({{"p", parameter}}, {.lr = 1, .momentum = 0.5});
  sgd.step();
  sgd.set_momentum(0.25);
  sgd.step();
  CHECK(parameter.item() == -1.25);
  CHECK_THROWS_WITH(sgd.set_momentum(1), "[sgd] momentum must be in [0, 1), got 1");
  CHECK_THROWS_WITH(SGD({{"p", parameter}}).set_momentum(0.9),
                    "[sgd] was constructed without momentum: it can't be set");
  CHECK_THROWS_WITH(Adam({{"p", parameter}}).set_momentum(-1),
                    "[adam] beta1 must be in [0, 1), got -1");
  const auto refusal = [&](const char* name) {
    try {
      optimizers().find(name)({{"p", parameter}}, 1)->set_momentum(0.9);
    } catch (const std::invalid_argument& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  for (const char* name :
       {"momentum", "nag", "adam", "adamw", "adamax", "radam", "lion", "lamb", "lars", "muon"})
    CHECK_MESSAGE(refusal(name) == "", name);
  CHECK(refusal("adagrad") == "[adagrad] has no momentum, so it can't be set");
  CHECK(refusal("adadelta") == "[adadelta] has no momentum, so it can't be set");
  CHECK(refusal("adafactor") == "[adafactor] has no momentum, so it can't be set");
  CHECK(refusal("schedule-free-adamw") ==
        "[schedule-free-adamw] has no momentum, so it can't be set");
  CHECK(refusal("rmsprop") == "[rmsprop] was constructed without momentum: it can't be set");
  CHECK(refusal("nadam") == "[nadam] changes its momentum by momentum_decay: it can't be set");
}

TEST_CASE("an optimizer follows the rate and the momentum of a schedule, where it sets one") {
  Tensor parameter = Tensor::zeros({1}, DType::f64).set_requires_grad();
  parameter.set_grad(Tensor::ones({1}, DType::f64));
  SGD sgd({{"p", parameter}}, {.lr = 1, .momentum = 0.5});
  const Schedule both([](int64_t step) { return step == 0 ? 1.0 : 0.5; },
                      [](int64_t step) { return step == 0 ? 0.0 : 0.25; });
  for (int i = 0; i < 2; ++i) {
    sgd.follow(both);
    sgd.step();
  }
  CHECK(parameter.item() == -1 - 0.5 * 1.25);
  CHECK(both.sets_momentum());
  CHECK(warmup(2, both).sets_momentum());
  CHECK(chain({{0, constant(1)}, {5, both}}).sets_momentum());
  CHECK(!chain({{0, constant(1)}, {5, warmup(2, constant(1))}}).sets_momentum());
  sgd.follow(constant(0.125));
  CHECK(sgd.lr() == 0.125);
}

TEST_CASE("momentum can be 0 for a while") {
  const auto moved = [](const std::string& name, const OptionValues& values,
                        std::vector<double> momenta) {
    Tensor parameter = Tensor::zeros({1}, DType::f64).set_requires_grad();
    parameter.set_grad(Tensor::ones({1}, DType::f64));
    const auto optimizer = optimizers().find(name)({{"p", parameter}}, 0.5, values);
    for (const double momentum : momenta) {
      optimizer->set_momentum(momentum);
      optimizer->step();
    }
    return parameter.item();
  };
  // Velocities 1, 1 and 1.5 of a gradient of 1, each times the rate; RMSProp's is of g/√s.
  CHECK(moved("momentum", {}, {0.5, 0, 0.5}) == doctest::Approx(-1.75).epsilon(1e-12));
  CHECK(moved("momentum", {{"style", "sutskever"}}, {0.5, 0, 0.5}) ==
        doctest::Approx(-1.75).epsilon(1e-12));
  CHECK(moved("rmsprop", {{"alpha", 0.0}, {"momentum", 0.9}}, {0.5, 0, 0.5}) ==
        doctest::Approx(-1.75).epsilon(1e-6));
}

TEST_CASE("options of a schedule out of their range are refused") {
  CHECK_THROWS_WITH(constant(0), "[constant] lr must be positive and finite, got 0");
  CHECK_THROWS_WITH(constant(NAN), "[constant] lr must be positive and finite, got nan");
  CHECK_THROWS_WITH(step_decay(1, {}),
                    "[step] step_size must be a whole number from 1 to 10^9, got 0");
  CHECK_THROWS_WITH(step_decay(1, {.step_size = 1, .gamma = -1}),
                    "[step] gamma must be positive and finite, got -1");
  CHECK_THROWS_WITH(multi_step(1, {.milestones = {5, 3}}),
                    "[multi_step] milestones must increase from 1 on, got 3 after 5");
  CHECK_THROWS_WITH(multi_step(1, {.milestones = {0}}),
                    "[multi_step] milestones must increase from 1 on, got 0 after 0");
  CHECK_THROWS_WITH(piecewise_constant({.boundaries = {2, 2}, .values = {1, 2, 3}}),
                    "[piecewise_constant] boundaries must increase from 1 on, got 2 after 2");
  CHECK_THROWS_WITH(
      piecewise_constant({.boundaries = {2}, .values = {1}}),
      "[piecewise_constant] the number of values must be that of boundaries plus 1, got 1 and 1");
  CHECK_THROWS_WITH(piecewise_constant({.boundaries = {}, .values = {-1}}),
                    "[piecewise_constant] each of values must be 0 or more and finite, got -1");
  CHECK_THROWS_WITH(inverse_time(1, {.decay_rate = -1}),
                    "[inverse_time] decay_rate must be 0 or more and finite, got -1");
  CHECK_THROWS_WITH(inverse_sqrt(0, {.decay_rate = 1}),
                    "[inverse_sqrt] lr must be positive and finite, got 0");
  CHECK_THROWS_WITH(inverse_sqrt(1, {.decay_rate = -2}),
                    "[inverse_sqrt] decay_rate must be 0 or more and finite, got -2");
  CHECK_THROWS_WITH(exponential(1, {.gamma = 0}),
                    "[exponential] gamma must be positive and finite, got 0");
  CHECK_THROWS_WITH(natural_exponential(1, {.decay_rate = NAN}),
                    "[natural_exponential] decay_rate must be 0 or more and finite, got nan");
  CHECK_THROWS_WITH(polynomial(1, {.total_steps = 9, .power = 0}),
                    "[polynomial] power must be positive and finite, got 0");
  CHECK_THROWS_WITH(polynomial(1, {.total_steps = 9, .min_lr = 2}),
                    "[polynomial] min_lr must be 0 to lr = 1, got 2");
  CHECK_THROWS_WITH(cosine(1, {}),
                    "[cosine] total_steps must be a whole number from 1 to 10^9, got 0");
  CHECK_THROWS_WITH(cosine(1, {.total_steps = 9, .min_lr = 2}),
                    "[cosine] min_lr must be 0 to lr = 1, got 2");
  CHECK_THROWS_WITH(cosine_warm_restarts(1, {.t_0 = 1, .t_mult = 0}),
                    "[cosine_warm_restarts] t_mult must be a whole number from 1 to 10^9, got 0");
  CHECK_THROWS_WITH(cyclic(1, {.step_size_up = 1, .div_factor = 0.5}),
                    "[cyclic] div_factor must be 1 or more and finite, got 0.5");
  CHECK_THROWS_WITH(cyclic(1, {.step_size_up = 1, .gamma = 1.5}),
                    "[cyclic] gamma must be in (0, 1], got 1.5");
  CHECK_THROWS_WITH(one_cycle(1, {.total_steps = 9, .pct_start = 1.5}),
                    "[one_cycle] pct_start must be in [0, 1], got 1.5");
  CHECK_THROWS_WITH(one_cycle(1, {.total_steps = 9, .final_div_factor = NAN}),
                    "[one_cycle] final_div_factor must be 1 or more and finite, got nan");
  CHECK_THROWS_WITH(one_cycle(1, {.total_steps = 9, .pct_start = 0.6, .three_phase = true}),
                    "[one_cycle] pct_start must be at most 0.5 with three_phase, got 0.6");
  CHECK_THROWS_WITH(one_cycle(1, {.total_steps = 9, .base_momentum = 0.99}),
                    "[one_cycle] base_momentum must be at most max_momentum, got 0.99 and 0.95");
  CHECK_THROWS_WITH(one_cycle(1, {.total_steps = 9, .max_momentum = 1}),
                    "[one_cycle] max_momentum must be in [0, 1), got 1");
  CHECK_THROWS_WITH(reduce_on_plateau(1, {.factor = 1}),
                    "[reduce_on_plateau] factor must be in (0, 1), got 1");
  CHECK_THROWS_WITH(
      reduce_on_plateau(1, {.patience = -1}),
      "[reduce_on_plateau] plateau_patience must be a whole number from 0 to 10^9, got -1");
}

TEST_CASE("every registered schedule refuses a rate of 0 and no steps") {
  for (const auto& entry : schedules().entries()) {
    CAPTURE(entry.name);
    std::string own = entry.name;
    std::ranges::replace(own, '-', '_');
    if (own != "piecewise_constant")  // which has no other rates than its values
      CHECK_THROWS_WITH(entry.make(0, 6),
                        ("[" + own + "] lr must be positive and finite, got 0").c_str());
    CHECK_THROWS_WITH(entry.make(1, 0),
                      "[schedule] total_steps must be a whole number from 1 to 10^9, got 0");
  }
}

TEST_CASE("wrong compositions of schedules are refused") {
  CHECK_THROWS_WITH(warmup(-1, constant(1)), "[warmup] warmup_steps must be 0 or more, got -1");
  CHECK_THROWS_WITH(warmup(1, Schedule()), "[warmup] a schedule after the warmup is needed");
  CHECK_THROWS_WITH(chain({}), "[chain] at least one schedule is needed");
  CHECK_THROWS_WITH(chain({{1, constant(1)}}), "[chain] starts must begin at 0, got 1");
  CHECK_THROWS_WITH(chain({{0, constant(1)}, {5, constant(1)}, {5, constant(1)}}),
                    "[chain] starts must increase, got 5 after 5");
  CHECK_THROWS_WITH(chain({{0, Schedule()}}),
                    "[chain] schedules must not be empty: the one at start 0 is");
  CHECK_THROWS_WITH(constant(1)(-1), "[schedule] step must be 0 or more, got -1");
  CHECK_THROWS_WITH(constant(1).momentum(-1), "[schedule] step must be 0 or more, got -1");
  CHECK_THROWS_AS(Schedule()(0), std::logic_error);
}

TEST_CASE("a registered schedule refuses wrong options") {
  const auto make = [](const char* name, const OptionValues& values, int64_t warmup = 0) {
    return schedules().find(name)(1, 5, values, warmup);
  };
  CHECK_THROWS_WITH(make("cosine", {}, 5), "[schedule] warmup must be 0 to 4 of 5 steps, got 5");
  CHECK_THROWS_WITH(make("cosine", {{"gamma", 0.1}}), "[cosine] has no option gamma");
  CHECK_THROWS_WITH(make("step", {{"step_size", 1.5}}),
                    "[step] step_size must be a whole number from 1 to 10^9, got 1.5");
  CHECK_THROWS_WITH(make("cyclic", {{"mode", "square"}}),
                    "[cyclic] mode must be one of triangular, triangular2, exp_range, got square");
  for (const char* list : {"1,,2", "1,2,", ",1", "a", "1.5", "1 2"})
    CHECK_THROWS_WITH(make("multi-step", {{"milestones", list}}),
                      ("[multi-step] milestones must be whole numbers separated by commas, got " +
                       std::string(list))
                          .c_str());
  CHECK_THROWS_WITH(schedules().find("cos"),
                    "unknown schedule 'cos': did you mean cosine, cosine-warm-restarts?");
}
