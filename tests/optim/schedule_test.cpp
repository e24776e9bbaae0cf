#include "optim/schedule.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using namespace gradus;
using namespace gradus::optim;

namespace {

void check_rates(const Schedule& schedule, const std::vector<double>& expected) {
  for (std::size_t step = 0; step < expected.size(); ++step) {
    CAPTURE(step);
    CHECK(schedule(static_cast<int64_t>(step)) == doctest::Approx(expected[step]).epsilon(1e-12));
  }
}

}  // namespace

TEST_CASE("a constant, a step and a cosine schedule follow their formulas") {
  check_rates(constant(0.3), {0.3, 0.3, 0.3});
  check_rates(step_decay(8, {.step_size = 2, .gamma = 0.5}), {8, 8, 4, 4, 2, 2, 1});
  const double root = std::sqrt(0.5);
  check_rates(cosine(3, {.total_steps = 4, .min_lr = 1}), {3, 2 + root, 2, 2 - root, 1, 1, 1});
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

TEST_CASE("a warm-up rises to the schedule that follows it") {
  check_rates(warmup(4, constant(2)), {0.5, 1, 1.5, 2, 2});
  check_rates(warmup(0, constant(2)), {2, 2});
  check_rates(warmup(2, step_decay(8, {.step_size = 1, .gamma = 0.5})), {4, 8, 8, 4, 2});
}

TEST_CASE("the registered schedules share total steps with their warm-up") {
  const auto make = [](const char* name, const ScheduleOptions& options) {
    return schedules().find(name)(1, 6, options);
  };
  check_rates(make("constant", {.warmup_steps = 2}), {0.5, 1, 1, 1});
  check_rates(make("step", {}), {1, 1, 0.1, 0.1, 0.01, 0.01});
  check_rates(make("step", {.warmup_steps = 3, .step_size = 2, .gamma = 0.5}),
              {1. / 3, 2. / 3, 1, 1, 1, 0.5, 0.5, 0.25});
  check_rates(make("cosine", {.warmup_steps = 2, .min_lr = 0.5}),
              {0.5, 1, 1, 0.75 + 0.25 * std::sqrt(0.5), 0.75, 0.75 - 0.25 * std::sqrt(0.5), 0.5});
  check_rates(make("one-cycle", {.pct_start = 0.5, .div_factor = 2, .anneal = Anneal::linear}),
              {0.5, 0.75, 1});
}

TEST_CASE("options of a schedule out of their range are refused") {
  CHECK_THROWS_WITH(constant(0), "[constant] lr is positive and finite, got 0");
  CHECK_THROWS_WITH(constant(NAN), "[constant] lr is positive and finite, got nan");
  CHECK_THROWS_WITH(step_decay(1, {.step_size = 0}), "[step] step_size is 1 or more, got 0");
  CHECK_THROWS_WITH(step_decay(1, {.step_size = 1, .gamma = -1}),
                    "[step] gamma is positive and finite, got -1");
  CHECK_THROWS_WITH(cosine(1, {.total_steps = 0}), "[cosine] total_steps is 1 or more, got 0");
  CHECK_THROWS_WITH(cosine(1, {.total_steps = 9, .min_lr = 2}),
                    "[cosine] min_lr is 0 … lr = 1, got 2");
  CHECK_THROWS_WITH(one_cycle(1, {.total_steps = 9, .pct_start = 1.5}),
                    "[one_cycle] pct_start is in [0, 1], got 1.5");
  CHECK_THROWS_WITH(one_cycle(1, {.total_steps = 9, .div_factor = 0}),
                    "[one_cycle] div_factor is 1 or more, got 0");
  CHECK_THROWS_WITH(one_cycle(1, {.total_steps = 9, .final_div_factor = NAN}),
                    "[one_cycle] final_div_factor is 1 or more, got nan");
  CHECK_THROWS_WITH(warmup(-1, constant(1)), "[warmup] warmup_steps is 0 or more, got -1");
  CHECK_THROWS_WITH(warmup(1, nullptr), "[warmup] needs a schedule to go on with");
  CHECK_THROWS_WITH(constant(1)(-1), "[schedule] steps count from 0, got -1");
  CHECK_THROWS_WITH(schedules().find("cosine")(1, 5, {.warmup_steps = 5}),
                    "[cosine] warmup_steps is 0 … 4, got 5");
  CHECK_THROWS_WITH(schedules().find("one-cycle")(1, 5, {.warmup_steps = 2}),
                    "[one_cycle] has no option warmup_steps");
  CHECK_THROWS_WITH(schedules().find("cosine")(1, 5, {.gamma = 0.1}),
                    "[cosine] has no option gamma");
  CHECK_THROWS_WITH(schedules().find("cos"),
                    "unknown schedule 'cos': one of cosine, step, constant, one-cycle");
}
