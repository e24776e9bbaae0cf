#include "optim/optimizer.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <memory>

#include "core/autograd.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/reduce.hpp"
#include "core/parallel.hpp"
#include "optim/algorithms/adam.hpp"
#include "optim/algorithms/optimizers.hpp"
#include "optim/algorithms/sgd.hpp"
#include "tests/optim/problem.hpp"

using namespace gradus;
using namespace gradus::optim;

namespace {

Tensor parameter(const std::vector<float>& values) {
  return Tensor::from(values, {static_cast<int64_t>(values.size())}).set_requires_grad();
}

}  // namespace

TEST_CASE("decoupled weight decay doesn't depend on the rate") {
  Tensor p = parameter({2});
  SGD optimizer({{"p", p}}, {.lr = 0.5, .decoupled_weight_decay = 0.25});
  p.set_grad(Tensor::from({1.f}));
  optimizer.step();
  CHECK(p.item() == 1);
  optimizer.set_lr(0);
  optimizer.step();
  CHECK(p.item() == 0.75);
}

TEST_CASE("every registered optimizer, saved and loaded, goes on with the same bits") {
  for (const auto& entry : optimizers().entries()) {
    CAPTURE(entry.name);
    Problem whole;
    const auto uninterrupted = entry.make(whole.parameters(), 0.02, {});
    whole.take_steps(*uninterrupted, 0, 20);

    Problem problem;
    const auto first = entry.make(problem.parameters(), 0.02, {});
    problem.take_steps(*first, 0, 9);
    const auto second = entry.make(problem.parameters(), 0.7, {});
    second->load_state_dict(first->state_dict());
    CHECK(second->lr() == 0.02);
    CHECK(second->steps() == 9);
    problem.take_steps(*second, 9, 20);
    CHECK(problem.values() == whole.values());
    CHECK(problem.values() != Problem().values());
  }
}

TEST_CASE("every registered optimizer goes back to an earlier state") {
  for (const auto& entry : optimizers().entries()) {
    CAPTURE(entry.name);
    Problem problem;
    const auto optimizer = entry.make(problem.parameters(), 0.02, {});
    problem.take_steps(*optimizer, 0, 5);
    NamedTensors state = optimizer->state_dict(), values = problem.parameters();
    for (NamedTensors* tensors : {&state, &values})
      for (auto& [name, tensor] : *tensors) tensor = tensor.clone();
    problem.take_steps(*optimizer, 5, 12);
    const std::vector<double> first = problem.values();
    optimizer->load_state_dict(state);
    {
      const NoGrad no_grad;
      problem.a.copy_from(values[0].second);
      problem.b.copy_from(values[1].second);
    }
    problem.take_steps(*optimizer, 5, 12);
    CHECK(problem.values() == first);
  }
}

TEST_CASE("every registered optimizer goes on from any number of steps") {
  for (const auto& entry : optimizers().entries()) {
    CAPTURE(entry.name);
    Problem problem;
    const auto optimizer = entry.make(problem.parameters(), 0.02, {});
    NamedTensors state = optimizer->state_dict();
    state[0].second.mutable_data<int64_t>()[0] = int64_t{1} << 62;
    optimizer->load_state_dict(state);
    problem.take_steps(*optimizer, 0, 1);
    for (const double value : problem.values()) CHECK(std::isfinite(value));
  }
}

TEST_CASE("a state has the names of the parameters and of PyTorch's state") {
  const auto names = [](const Optimizer& optimizer) {
    std::vector<std::string> result;
    for (const auto& [name, tensor] : optimizer.state_dict()) result.push_back(name);
    return result;
  };
  Problem problem;
  CHECK(names(SGD(problem.parameters())) == std::vector<std::string>{"step", "lr"});
  CHECK(names(SGD(problem.parameters(), {.momentum = 0.9})) ==
        std::vector<std::string>{"step", "lr", "a.momentum_buffer", "b.momentum_buffer"});
  CHECK(names(Adam(problem.parameters(), {.amsgrad = true})) ==
        std::vector<std::string>{"step", "lr", "a.exp_avg", "a.exp_avg_sq", "a.max_exp_avg_sq",
                                 "b.exp_avg", "b.exp_avg_sq", "b.max_exp_avg_sq"});
}

TEST_CASE("a wrong state is refused with all differences, and changes nothing") {
  Problem problem;
  SGD optimizer(problem.parameters(), {.lr = 0.5, .momentum = 0.9});
  NamedTensors state = optimizer.state_dict();
  state[1].second = Tensor::scalar(3, DType::f64);
  state[2].second = Tensor::ones({2, 3});
  state[3].first = "c.momentum_buffer";
  CHECK_THROWS_WITH(
      optimizer.load_state_dict(state),
      "[sgd] the state doesn't fit the optimizer: a.momentum_buffer is f64 (2, 3), got f32 "
      "(2, 3); missing b.momentum_buffer; unexpected c.momentum_buffer");
  state = optimizer.state_dict();
  state.push_back(state[2]);
  CHECK_THROWS_WITH(optimizer.load_state_dict(state),
                    "[sgd] the state doesn't fit the optimizer: repeated a.momentum_buffer");
  state = optimizer.state_dict();
  state[0].second = Tensor::from<int64_t>({-1}).alias({});
  CHECK_THROWS_WITH(optimizer.load_state_dict(state), "[sgd] step must be 0 or more, got -1");
  state = optimizer.state_dict();
  state[1].second = Tensor::scalar(NAN, DType::f64);
  CHECK_THROWS_WITH(optimizer.load_state_dict(state),
                    "[sgd] lr must be 0 or more and finite, got nan");
  CHECK(optimizer.lr() == 0.5);
  CHECK(optimizer.steps() == 0);
}

TEST_CASE("options out of their range are refused") {
  const NamedTensors one{{"p", parameter({1})}};
  CHECK_THROWS_WITH(Adam(one, {.lr = -1}), "[adam] lr must be positive and finite, got -1");
  CHECK_THROWS_WITH(Adam(one, {.lr = NAN}), "[adam] lr must be positive and finite, got nan");
  CHECK_THROWS_WITH(Adam(one, {.lr = INFINITY}), "[adam] lr must be positive and finite, got inf");
  CHECK_THROWS_WITH(Adam(one, {.lr = 0}), "[adam] lr must be positive and finite, got 0");
  CHECK_THROWS_WITH(Adam(one, {.beta1 = 1}), "[adam] beta1 must be in [0, 1), got 1");
  CHECK_THROWS_WITH(Adam(one, {.beta2 = -0.1}), "[adam] beta2 must be in [0, 1), got -0.1");
  CHECK_THROWS_WITH(Adam(one, {.beta2 = NAN}), "[adam] beta2 must be in [0, 1), got nan");
  CHECK_THROWS_WITH(Adam(one, {.eps = 0}), "[adam] eps must be positive and finite, got 0");
  CHECK_THROWS_WITH(AdamW(one, {.weight_decay = -1}),
                    "[adamw] weight_decay must be 0 or more and finite, got -1");
  CHECK_THROWS_WITH(SGD(one, {.momentum = 1}), "[sgd] momentum must be in [0, 1), got 1");
  CHECK_THROWS_WITH(SGD(one, {.momentum = 0.5, .dampening = 1.5}),
                    "[sgd] dampening must be in [0, 1], got 1.5");
  CHECK_THROWS_WITH(
      SGD(one, {.nesterov = true}),
      "[sgd] nesterov needs momentum and no dampening, got momentum 0 and dampening 0");
  CHECK_THROWS_WITH(
      SGD(one, {.momentum = 0.9, .dampening = 0.1, .nesterov = true}),
      "[sgd] nesterov needs momentum and no dampening, got momentum 0.9 and dampening 0.1");
  CHECK_THROWS_WITH(SGD(one, {.weight_decay = NAN}),
                    "[sgd] weight_decay must be 0 or more and finite, got nan");
  CHECK_THROWS_WITH(
      SGD(one, {.weight_decay = 0.5, .decoupled_weight_decay = 0.25}),
      "[sgd] weight_decay and decoupled_weight_decay cannot be combined, got 0.5 and 0.25");
  CHECK_THROWS_WITH(optimizers().find("momentum")(one, 1, {{"style", "nesterov"}}),
                    "[momentum] style must be one of pytorch, sutskever, got nesterov");
  CHECK_THROWS_WITH(optimizers().find("adam")(one, 1, {{"beta1", true}}),
                    "[adam] beta1 must be in [0, 1), got true");
  CHECK_THROWS_WITH(SGD(one, {.decoupled_weight_decay = 1}),
                    "[sgd] decoupled_weight_decay must be in [0, 1), got 1");
  SGD optimizer(one);
  optimizer.set_lr(0);
  CHECK_THROWS_WITH(optimizer.set_lr(-1), "[sgd] lr must be 0 or more and finite, got -1");
  CHECK_THROWS_WITH(optimizers().find("adan"),
                    "unknown optimizer 'adan': did you mean adam, adamw, nadam?");
  CHECK_THROWS_WITH(optimizers().find("adam")(one, 1, {{"momentum", 0.9}}),
                    "[adam] has no option momentum");
  CHECK_THROWS_WITH(optimizers().find("nag")(one, 1, {{"dampening", 0.1}}),
                    "[nag] has no option dampening");
}

TEST_CASE("every option of every registered optimizer has its range checked, and is of one kind") {
  const NamedTensors one{{"p", parameter({1})}};
  for (const auto& entry : optimizers().entries())
    for (const OptionInfo& option : entry.make.options) {
      CAPTURE(entry.name);
      CAPTURE(option.name);
      const bool number = std::holds_alternative<double>(option.default_value);
      const std::string rule = number           ? option.range.text()
                               : option.is_list ? "numbers separated by commas"
                               : option.choices.empty()
                                   ? "true or false"
                                   : fmt::format("one of {}", fmt::join(option.choices, ", "));
      const auto message = [&](const OptionValue& value) -> std::string {
        try {
          entry.make(one, 0.1, {{option.name, value}});
        } catch (const std::invalid_argument& error) {
          const std::string text = error.what();
          return text.substr(text.find("] ") + 2);
        }
        return "";
      };
      CHECK(message(option.default_value) == "");
      CHECK(message("x").starts_with(fmt::format("{} must be {}", option.name, rule)));
      if (!number) continue;
      const double outside = option.range.holds(-1) ? 1 : -1;
      CHECK(message(outside) == fmt::format("{} must be {}, got {}", option.name, rule, outside));
      CHECK(message(NAN) == fmt::format("{} must be {}, got nan", option.name, rule));
      for (const auto& other : optimizers().entries())
        for (const OptionInfo& same : other.make.options)
          if (same.name == option.name) CHECK(same.range.text() == option.range.text());
    }
}

TEST_CASE("parameters that can't be trained are refused") {
  const Tensor p = parameter({1}), q = parameter({2});
  CHECK_THROWS_WITH(SGD({{"p", p}, {"p", q}}),
                    "[sgd] names must differ: two parameters are named 'p'");
  CHECK_THROWS_WITH(SGD({{"p", p}, {"q", p}}),
                    "[sgd] parameters 'p' and 'q' must not be the same tensor");
  CHECK_THROWS_WITH(SGD({{"p", Tensor()}}), "[sgd] parameters must be defined, 'p' isn't");
  CHECK_THROWS_WITH(SGD({{"p", p + q}}),
                    "[sgd] parameters must be leaves, 'p' is the result of an operation");
  CHECK_THROWS_WITH(SGD({{"p", Tensor::ones({1})}}),
                    "[sgd] at least one parameter must require a gradient, none of 1 does");
  CHECK_THROWS_WITH(SGD({}),
                    "[sgd] at least one parameter must require a gradient, none of 0 does");
}

TEST_CASE("a parameter without a gradient is an error, or is skipped") {
  Tensor p = parameter({1}), q = parameter({2}), r = parameter({3});
  p.set_grad(Tensor::from({1.f}));
  SGD strict({{"p", p}, {"q", q}, {"r", r}}, {.lr = 0.5});
  CHECK_THROWS_AS(strict.step(), std::logic_error);
  CHECK_THROWS_WITH(strict.step(),
                    "[sgd] parameters without a gradient: q, r; call backward() before step(), or "
                    "set allow_missing_gradient");
  CHECK(p.item() == 1);
  CHECK(strict.steps() == 0);
  SGD lenient({{"p", p}, {"q", q}}, {.lr = 0.5, .allow_missing_gradient = true});
  lenient.step();
  CHECK(p.item() == 0.5);
  CHECK(q.item() == 2);
  lenient.zero_grad();
  CHECK(!p.grad().defined());
}

TEST_CASE("frozen parameters keep their values") {
  Tensor p = parameter({1}), q = parameter({2}), frozen = Tensor::from({3.f});
  SGD optimizer({{"p", p}, {"frozen", frozen}, {"q", q}}, {.lr = 0.5, .momentum = 0.5});
  CHECK(optimizer.state_dict().size() == 4);
  q.set_requires_grad(false);
  p.set_grad(Tensor::from({1.f}));
  q.set_grad(Tensor::from({1.f}));
  optimizer.step();
  CHECK(p.item() == 0.5);
  CHECK(q.item() == 2);
  CHECK(frozen.item() == 3);
  q.set_requires_grad();
  optimizer.step();
  CHECK(q.item() == 1.5);
}

TEST_CASE("a step leaves gradients as they are and marks parameters as changed") {
  Tensor p = parameter({1, 2, 3});
  const Tensor g = Tensor::from({1.f, -2.f, 0.5f});
  p.set_grad(g);
  const uint64_t gradient_version = g.version(), parameter_version = p.version();
  for (const auto& entry : optimizers().entries()) {
    const auto optimizer = entry.make({{"p", p}}, 0.1, {{"weight_decay", 0.1}});
    for (int i = 0; i < 3; ++i) optimizer->step();
  }
  CHECK(g.to_vector<float>() == std::vector<float>{1, -2, 0.5f});
  CHECK(g.version() == gradient_version);
  CHECK(p.version() > parameter_version);
}

TEST_CASE("one and two threads update a large parameter to the same bits") {
  constexpr int64_t n = 100'003;
  for (const auto& entry : optimizers().entries()) {
    CAPTURE(entry.name);
    const auto train = [&](int threads) {
      const int before = num_threads();
      set_num_threads(threads);
      std::vector<float> values(n), gradients(n);
      for (int64_t i = 0; i < n; ++i) {
        values[i] = std::sin(static_cast<float>(i));
        gradients[i] = std::cos(static_cast<float>(3 * i));
      }
      Tensor p = parameter(values);
      p.set_grad(Tensor::from(gradients, {n}));
      const auto optimizer = entry.make({{"p", p}}, 0.1, {{"weight_decay", 0.01}});
      for (int i = 0; i < 3; ++i) optimizer->step();
      set_num_threads(before);
      return p.to_vector<float>();
    };
    const std::vector<float> one = train(1), two = train(2);
    CHECK(std::memcmp(one.data(), two.data(), n * sizeof(float)) == 0);
  }
}

TEST_CASE("after the first, a training step takes no memory from the system") {
  for (const auto& entry : optimizers().entries()) {
    CAPTURE(entry.name);
    Tensor p = parameter(std::vector<float>(5000, 1.f));
    const auto optimizer = entry.make({{"p", p}}, 1e-3, {});
    const auto step = [&] {
      const Tensor loss = sum(p * p);
      optimizer->zero_grad();
      loss.backward();
      optimizer->step();
    };
    step();
    const std::size_t before = memory_stats().system_allocations;
    for (int i = 0; i < 5; ++i) step();
    CHECK(memory_stats().system_allocations == before);
    CHECK(p.data<float>()[0] < 1);
  }
}
