#include "optim/algorithms/schedule_free_adamw.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/autograd.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/reduce.hpp"
#include "core/parallel.hpp"
#include "optim/schedule.hpp"
#include "optim/schedules/decay.hpp"
#include "tests/optim/problem.hpp"

using namespace gradus;
using namespace gradus::optim;

TEST_CASE("Evaluation is at the average, and training goes on with the same bits") {
  Problem plain, evaluated;
  ScheduleFreeAdamW without(plain.parameters(), {.lr = 0.05}),
      with(evaluated.parameters(), {.lr = 0.05});
  without.eval();
  without.train();
  CHECK(plain.values() == Problem().values());  // before the first step there is no other place
  for (int step = 0; step < 50; ++step) {
    plain.take_steps(without, step, step + 1);
    evaluated.take_steps(with, step, step + 1);
    const std::vector<double> at = evaluated.values();
    with.eval();
    with.eval();
    if (step > 0) CHECK(evaluated.values() != at);
    with.train();
    with.train();
    CHECK(evaluated.values() == at);
  }
  CHECK(evaluated.values() == plain.values());

  // Computed by the paper's formula in NumPy.
  const double average[] = {0.1169662479404048,   -0.1396686588481317, -0.31017373755353106,
                            -0.15146610742980537, 0.10416774463058988, 0.3027739567981679,
                            0.29562974075118514,  0.29081728156302905, 0.01566684833951652,
                            -0.26942514506883686};
  {
    const Optimizer::EvaluationScope evaluation(with);
    const std::vector<double> got = evaluated.values();
    for (std::size_t i = 0; i < 10; ++i)
      CHECK(got[i] == doctest::Approx(average[i]).epsilon(1e-12).scale(1));
  }
  CHECK(evaluated.values() == plain.values());
}

TEST_CASE("A step in evaluation is refused and changes nothing") {
  Problem problem;
  ScheduleFreeAdamW optimizer(problem.parameters(), {.lr = 0.05});
  problem.take_steps(optimizer, 0, 3);
  optimizer.eval();
  const std::vector<double> before = problem.values();
  CHECK_THROWS_AS(optimizer.step(), std::logic_error);
  CHECK_THROWS_WITH(optimizer.step(),
                    "[schedule-free-adamw] is in evaluation: call train() before step()");
  CHECK(optimizer.steps() == 3);
  CHECK(problem.values() == before);
  CHECK(optimizer.evaluates_elsewhere());
}

TEST_CASE("A state is the same in training and evaluation, and goes on with the same bits") {
  Problem whole, first, second;
  ScheduleFreeAdamW uninterrupted(whole.parameters(), {.lr = 0.05});
  whole.take_steps(uninterrupted, 0, 12);
  ScheduleFreeAdamW before(first.parameters(), {.lr = 0.05}),
      after(second.parameters(), {.lr = 0.05});
  first.take_steps(before, 0, 5);
  std::vector<std::vector<double>> training;
  for (const auto& [name, tensor] : before.state_dict())
    if (tensor.dtype() == DType::f64) training.push_back(tensor.to_vector<double>());
  before.eval();
  std::size_t i = 0;
  for (const auto& [name, tensor] : before.state_dict())
    if (tensor.dtype() == DType::f64) CHECK(tensor.to_vector<double>() == training[i++]);
  {
    const NoGrad no_grad;  // the weights of the evaluation
    second.a.copy_from(first.a);
    second.b.copy_from(first.b);
  }
  after.load_state_dict(before.state_dict());
  after.train();
  second.take_steps(after, 5, 12);
  CHECK(second.values() == whole.values());
  CHECK(after.state_dict()[2].first == "a.z");
  CHECK(after.state_dict()[5].first == "a.weight_sum");
}

TEST_CASE("It starts from the weights at the first step, not from those at its construction") {
  Problem loaded, fresh;
  ScheduleFreeAdamW early(loaded.parameters(), {.lr = 0.05});
  {
    const NoGrad no_grad;
    for (Problem* problem : {&loaded, &fresh}) problem->a.fill(2);
  }
  ScheduleFreeAdamW late(fresh.parameters(), {.lr = 0.05});
  loaded.take_steps(early, 0, 5);
  fresh.take_steps(late, 0, 5);
  CHECK(loaded.values() == fresh.values());

  // A parameter that is frozen at first starts later.
  Problem thawed;
  ScheduleFreeAdamW optimizer(thawed.parameters(), {.lr = 0.05});
  thawed.a.set_requires_grad(false);
  thawed.take_steps(optimizer, 0, 3);
  optimizer.eval();
  CHECK(thawed.a.to_vector<double>() == Problem().a.to_vector<double>());
  optimizer.train();
  thawed.a.set_requires_grad(true);
  thawed.take_steps(optimizer, 3, 4);
  for (int i = 0; i < 6; ++i)
    CHECK(std::abs(thawed.a.data<double>()[i] - Problem().a.data<double>()[i]) < 0.1);
}

TEST_CASE("The weights of a warm-up count less, and a rate of 0 changes nothing") {
  // Without momentum and with equal gradients z moves by γ at each step.
  Tensor p = Tensor::zeros({1}, DType::f64).set_requires_grad();
  p.set_grad(Tensor::ones({1}, DType::f64));
  ScheduleFreeAdamW optimizer({{"p", p}}, {.lr = 1, .beta1 = 0, .beta2 = 0, .eps = 1e-300});
  const Schedule schedule = warmup(4, constant(1));
  double z = 0, sum = 0, x = 0;
  for (int step = 1; step <= 8; ++step) {
    optimizer.follow(schedule);
    optimizer.step();
    const double rate = std::min(1.0, step / 4.0);
    z -= rate;
    sum += rate * rate;
    x += rate * rate / sum * (z - x);
    CHECK(p.item() == doctest::Approx(z).epsilon(1e-12));
    const Optimizer::EvaluationScope evaluation(optimizer);
    CHECK(p.item() == doctest::Approx(x).epsilon(1e-12));
  }
  Tensor still = Tensor::ones({1}, DType::f64).set_requires_grad();
  still.set_grad(Tensor::ones({1}, DType::f64));
  ScheduleFreeAdamW paused({{"p", still}});
  paused.set_lr(0);
  paused.step();
  paused.eval();
  CHECK(still.item() == 1);
}

TEST_CASE("Groups have their own rate and decay, and each its own average") {
  Problem alone, grouped;
  ScheduleFreeAdamW all(alone.parameters(), {.lr = 0.02, .weight_decay = 0.3}),
      some(grouped.parameters(), {.lr = 0.05});
  some.add_group({.pattern = "a", .lr = 0.02, .weight_decay = 0.3});
  alone.take_steps(all, 0, 7);
  grouped.take_steps(some, 0, 7);
  CHECK(alone.a.to_vector<double>() == grouped.a.to_vector<double>());
  CHECK(alone.b.to_vector<double>() != grouped.b.to_vector<double>());
  all.eval();
  some.eval();
  CHECK(alone.a.to_vector<double>() == grouped.a.to_vector<double>());
}

TEST_CASE("The average is nearer to the minimum than a constant rate's noise") {
  Rng rng(1);
  Tensor p = Tensor::full({50}, 3).set_requires_grad();
  ScheduleFreeAdamW optimizer({{"p", p}}, {.lr = 0.05});
  for (int step = 0; step < 2000; ++step) {
    p.set_grad((p + randn({50}, rng)).detach());  // of ½p², with noise
    optimizer.step();
  }
  const Tensor z = optimizer.state_dict()[2].second;
  const double noise = mean(square(z)).item();
  optimizer.eval();
  const double averaged = mean(square(p)).item();
  CHECK(noise < 0.5);
  CHECK(averaged < 0.2 * noise);
}

TEST_CASE("ScheduleFreeAdamW refuses wrong options") {
  const NamedTensors one{{"p", Tensor::ones({2}).set_requires_grad()}};
  CHECK_THROWS_WITH(ScheduleFreeAdamW(one, {.lr = 0}),
                    "[schedule-free-adamw] lr must be positive and finite, got 0");
  CHECK_THROWS_WITH(ScheduleFreeAdamW(one, {.beta1 = 1}),
                    "[schedule-free-adamw] beta1 must be in [0, 1), got 1");
  CHECK_THROWS_WITH(ScheduleFreeAdamW(one, {.eps = 0}),
                    "[schedule-free-adamw] eps must be positive and finite, got 0");
  CHECK_THROWS_WITH(ScheduleFreeAdamW(one, {.weight_decay = -1}),
                    "[schedule-free-adamw] weight_decay must be 0 or more and finite, got -1");
}
