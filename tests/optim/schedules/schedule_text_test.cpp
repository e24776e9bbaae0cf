#include "optim/schedules/schedule_text.hpp"

#include <doctest/doctest.h>

using namespace gradus::optim;

namespace {

void check_same(const Schedule& a, const Schedule& b, int64_t steps) {
  for (int64_t step = 0; step < steps; ++step) {
    CAPTURE(step);
    CHECK(a(step) == b(step));
    CHECK(a.momentum(step) == b.momentum(step));
  }
}

}  // namespace

TEST_CASE("A name alone is the schedule of that name") {
  for (const auto& entry : schedules().entries()) {
    const auto& [name, help, make] = entry;
    CAPTURE(entry.name);
    check_same(make_schedule(name, 0.5, 24), make(0.5, 24), 30);
    check_same(make_schedule(name, 0.5, 24, {}, 5), make(0.5, 24, {}, 5), 30);
  }
  check_same(make_schedule(" one_cycle@0 ", 1, 9), one_cycle(1, {.total_steps = 9}), 9);
}

TEST_CASE("A text tells numbers, lists, choices and flags") {
  check_same(make_schedule("cosine:min-lr=1e-1", 1, 9),
             cosine(1, {.total_steps = 9, .min_lr = 0.1}), 9);
  check_same(make_schedule("multi-step:milestones=2,5/gamma=0.5", 1, 9),
             multi_step(1, {.milestones = {2, 5}, .gamma = 0.5}), 9);
  check_same(make_schedule("multi-step:milestones=2,5,gamma=0.5", 1, 9),
             multi_step(1, {.milestones = {2, 5}, .gamma = 0.5}), 9);
  check_same(make_schedule("one-cycle:anneal=linear / cycle_momentum / lr=2", 1, 9),
             one_cycle(2, {.total_steps = 9, .anneal = Anneal::linear, .cycle_momentum = true}), 9);
  check_same(make_schedule("one-cycle:cycle-momentum=false", 1, 9, {{"cycle_momentum", true}}),
             one_cycle(1, {.total_steps = 9}), 9);
}

TEST_CASE("Each schedule of a chain has the steps that are its own, after the warm-up") {
  const Schedule expected = chain({{0, constant(1)},
                                   {4, cosine(0.5, {.total_steps = 2, .min_lr = 0.1})},
                                   {6, exponential(1, {.gamma = 0.5})}});
  for (const char* text :
       {"constant+cosine:min-lr=0.1/lr=0.5@4+exponential:gamma=0.5@6",
        "constant + cosine:min-lr=0.1/lr=0.5@40% + exponential:gamma=0.5@60%",
        "constant@0 + cosine:min-lr=0.1/lr=0.5@0.4 + exponential:gamma=0.5@0.6"}) {
    CAPTURE(text);
    check_same(make_schedule(text, 1, 10), expected, 12);
    check_same(make_schedule(text, 1, 13, {}, 3), warmup(3, expected), 15);
  }
}

TEST_CASE("A chain may have two schedules") {
  check_same(make_schedule("exponential:gamma=0.5 + constant@3", 1, 6),
             chain({{0, exponential(1, {.gamma = 0.5})}, {3, constant(1)}}), 8);
}

TEST_CASE("Values beside a text are for all that have them and say nothing else") {
  const Schedule schedule = make_schedule(
      "constant + step:step-size=1@2 + step:step-size=1/gamma=0.1@4", 1, 6, {{"gamma", 0.5}});
  const double rates[] = {1, 1, 1, 0.5, 1, 0.1};
  for (int64_t step = 0; step < 6; ++step) CHECK(schedule(step) == doctest::Approx(rates[step]));
}

TEST_CASE("Momentum stays what it was where the schedule that follows leaves it alone") {
  const Schedule schedule =
      make_schedule("constant + one-cycle:cycle-momentum/max-momentum=0.9@2 + constant@8", 1, 10);
  CHECK(!schedule.momentum(1));
  CHECK(schedule.momentum(2) == doctest::Approx(0.9));
  CHECK(*schedule.momentum(5) < 0.89);
  CHECK(schedule.momentum(8) == doctest::Approx(0.9));
  CHECK(schedule.momentum(30) == doctest::Approx(0.9));
}

TEST_CASE("What a text can't mean is refused") {
  const auto make = [](const char* text) { return make_schedule(text, 1, 10); };
  CHECK_THROWS_WITH(make("steps@0"), "unknown schedule 'steps': did you mean step?");
  CHECK_THROWS_WITH(make(""), "[schedule] a name is missing at character 1");
  CHECK_THROWS_WITH(make("cosine + "), "[schedule] a name is missing at character 10");
  CHECK_THROWS_WITH(make("cosine:"), "[schedule] an argument of cosine is missing at character 8");
  CHECK_THROWS_WITH(make("cosine:gamma=1"),
                    "[cosine] has no option 'gamma' at character 8; it takes min-lr=0, lr");
  CHECK_THROWS_WITH(make("cosine:min-lr=x"),
                    "[cosine] min_lr must be 0 or more and finite, got 'x' at character 8");
  CHECK_THROWS_WITH(make("cosine:min-lr"),
                    "[cosine] min_lr must be 0 or more and finite, got 'min-lr' at character 8");
  CHECK_THROWS_WITH(make("cosine:min-lr=-1"),
                    "[cosine] min_lr must be 0 or more and finite, got '-1' at character 8");
  CHECK_THROWS_WITH(make("cosine:min-lr=2"), "[cosine] min_lr must be 0 to lr = 1, got 2");
  CHECK_THROWS_WITH(make("cosine:lr=0"),
                    "[cosine] lr must be positive and finite, got '0' at character 8");
  CHECK_THROWS_WITH(make("cosine:lr=1/lr=2"),
                    "[cosine] lr is given twice, at character 13; it takes min-lr=0, lr");
  CHECK_THROWS_WITH(make("cosine:min-lr=0/min_lr=0"),
                    "[cosine] min_lr is given twice, at character 17; it takes min-lr=0, lr");
  CHECK_THROWS_WITH(make("one-cycle:cycle-momentum=yes"),
                    "[one-cycle] cycle_momentum must be true or false, got 'yes' at character 11");
  CHECK_THROWS_WITH(make("one-cycle:anneal=true"),
                    "[one-cycle] anneal must be one of cosine, linear, got 'true' at character 11");
  for (const char* start : {"", "x", "-1", "1.5", "100%", "-5%", "nan", "5 %%"})
    CHECK_THROWS_WITH(make(("constant + cosine@" + std::string(start)).c_str()),
                      ("[schedule] a start must be a step, or a fraction of all steps below 1 as "
                       "in 50% or 0.5, got '" +
                       std::string(start) + "'")
                          .c_str());
  CHECK_THROWS_WITH(
      make("constant + cosine"),
      "[schedule] 'cosine' needs a start, a step or a fraction of all steps, as in 'cosine@50%'");
  CHECK_THROWS_WITH(make("exponential:gamma=1e300"),
                    "[exponential] the rate must stay finite, got infinity at step 10 of 10");
  CHECK_THROWS_WITH(make("constant@5"), "[schedule] starts must begin at 0, got 5");
  CHECK_THROWS_WITH(make("constant + step@50% + cosine@5"),
                    "[schedule] starts must increase, got 5 after 5");
  CHECK_THROWS_WITH(make("constant + cosine@10"),
                    "[schedule] starts must be below the number of steps, 10, got 10");
  CHECK_THROWS_WITH(make_schedule("constant + step@5", 1, 10, {{"min_lr", 0.1}}),
                    "[constant + step] has no option min_lr");
  CHECK_THROWS_WITH(make_schedule("constant", 1, 0),
                    "[schedule] total_steps must be a whole number from 1 to 10^9, got 0");
  CHECK_THROWS_WITH(make_schedule("constant", 1, 5, {}, 5),
                    "[schedule] warmup must be 0 to 4 of 5 steps, got 5");
}
