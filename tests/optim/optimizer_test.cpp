#include "optim/optimizer.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <memory>

#include "core/autograd.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/reduce.hpp"
#include "core/parallel.hpp"
#include "optim/adam.hpp"
#include "optim/registry.hpp"
#include "optim/sgd.hpp"

using namespace gradus;
using namespace gradus::optim;

namespace {

// Two parameters of ten values in all, and gradients that depend on the values and the step.
struct Problem {
  Tensor a = Tensor::empty({2, 3}, DType::f64), b = Tensor::empty({4}, DType::f64);

  Problem() {
    for (int i = 0; i < 6; ++i) a.mutable_data<double>()[i] = std::cos(i + 1);
    for (int i = 0; i < 4; ++i) b.mutable_data<double>()[i] = std::sin(i + 1);
    a.set_requires_grad();
    b.set_requires_grad();
  }
  NamedTensors parameters() const { return {{"a", a}, {"b", b}}; }

  void take_steps(Optimizer& optimizer, int from, int to) {
    for (int step = from; step < to; ++step) {
      set_gradient(a, step, 0);
      set_gradient(b, step, 10);
      optimizer.step();
    }
  }
  std::vector<double> values() const {
    std::vector<double> all = a.to_vector<double>();
    for (const double value : b.to_vector<double>()) all.push_back(value);
    return all;
  }

 private:
  static void set_gradient(Tensor& parameter, int step, int offset) {
    Tensor g = Tensor::empty(parameter.shape(), DType::f64);
    for (int64_t i = 0; i < g.numel(); ++i)
      g.mutable_data<double>()[i] = 0.5 * parameter.data<double>()[i] +
                                    std::sin(0.7 * step + offset + static_cast<double>(i));
    parameter.set_grad(g);
  }
};

// The values after 50 steps against those of PyTorch 1.13.1, to rounding.
template <class Algorithm, class Options>
void check_trajectory(const Options& options, const std::vector<double>& expected) {
  Problem problem;
  Algorithm optimizer(problem.parameters(), options);
  problem.take_steps(optimizer, 0, 50);
  CHECK(optimizer.steps() == 50);
  const std::vector<double> got = problem.values();
  for (std::size_t i = 0; i < expected.size(); ++i)
    CHECK(got[i] == doctest::Approx(expected[i]).epsilon(1e-13).scale(0.01));
}

Tensor parameter(const std::vector<float>& values) {
  return Tensor::from(values, {static_cast<int64_t>(values.size())}).set_requires_grad();
}

}  // namespace

TEST_CASE("50 steps of SGD follow PyTorch's") {
  check_trajectory<SGD>(
      SGDOptions{.lr = 0.1},
      {-0.11667827293228447, -0.09986883939597092, 0.00875954451224907, 0.10933444359261617,
       0.10938775945555203, 0.0088704737425524, 0.18611713776794034, 0.04828411709075536,
       -0.13394109816605546, -0.19302148547001655});
  check_trajectory<SGD>(
      SGDOptions{.lr = 0.1, .weight_decay = 0.02},
      {-0.11979990111589131, -0.0954452042532849, 0.016661373231680956, 0.11344956100529849,
       0.1059327455901009, 0.0010218524132508285, 0.17834462049741026, 0.04050535581754776,
       -0.13457434620094913, -0.18592701494368802});
}

TEST_CASE("50 steps of momentum and Nesterov's momentum follow PyTorch's") {
  check_trajectory<SGD>(
      SGDOptions{.lr = 0.05, .momentum = 0.9, .dampening = 0.3, .weight_decay = 0.02},
      {-0.009754422563081894, -0.12039617425886581, -0.12034623857645248, -0.009650526151963691,
       0.10991783551095864, 0.12842824611717596, 0.14429101515839485, 0.14159255124571396,
       0.008714548705229258, -0.13217556972564268});
  check_trajectory<SGD>(
      SGDOptions{.lr = 0.05, .momentum = 0.8, .nesterov = true, .weight_decay = 0.02},
      {-0.14365180726122298, -0.12598902663149789, 0.0075074840550623445, 0.13410164852393433,
       0.1374033757813385, 0.01437707301351362, 0.1528618532744648, 0.056933028574618544,
       -0.09133976003661837, -0.15563519450507352});
}

TEST_CASE("50 steps of Adam and AdamW follow PyTorch's") {
  check_trajectory<Adam>(
      AdamOptions{.lr = 0.03},
      {0.10707955546067217, -0.201660931677361, -0.3763657148515943, -0.15213293673863684,
       0.1605119434032441, 0.373231735452168, 0.37620526120477593, 0.3694032572256697,
       0.01801741084723038, -0.33973885843680385});
  check_trajectory<Adam>(
      AdamOptions{.lr = 0.03,
                  .beta1 = 0.8,
                  .beta2 = 0.95,
                  .eps = 1e-3,
                  .weight_decay = 0.05,
                  .amsgrad = true},
      {0.11992507267352213, -0.19548710040109918, -0.38134433859231415, -0.16466019923033406,
       0.1527795574902147, 0.37709853410767696, 0.3736208820027849, 0.37043712956442915,
       0.02618064967476404, -0.33385387718226617});
  check_trajectory<AdamW>(
      AdamWOptions{.lr = 0.03, .beta1 = 0.8, .beta2 = 0.95, .weight_decay = 0.1},
      {0.10912927934370092, -0.18310538408810711, -0.3410607010317679, -0.14973650685364695,
       0.1443790279948264, 0.33795527062446346, 0.3391148403624261, 0.33362805446743604,
       0.02440673866773492, -0.30775134093599393});
  // PyTorch's default weight decay, 0.01, on both sides.
  check_trajectory<AdamW>(
      AdamWOptions{.lr = 0.03, .beta1 = 0.8, .beta2 = 0.95, .amsgrad = true},
      {0.13143416858849985, -0.21139003527899614, -0.40559854481896646, -0.17881812779831624,
       0.16532332413508058, 0.40115439895298843, 0.3989047093923497, 0.39447859213803216,
       0.029642280066351657, -0.3610408977610325});
}

TEST_CASE("decoupled weight decay shrinks the weight whatever the rate") {
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

TEST_CASE("a state that doesn't fit is refused with all that is wrong, and changes nothing") {
  Problem problem;
  SGD optimizer(problem.parameters(), {.lr = 0.5, .momentum = 0.9});
  NamedTensors state = optimizer.state_dict();
  state[1].second = Tensor::scalar(3, DType::f64);
  state[2].second = Tensor::ones({2, 3});
  state[3].first = "c.momentum_buffer";
  CHECK_THROWS_WITH(optimizer.load_state_dict(state),
                    "[sgd] the state doesn't fit: a.momentum_buffer is (2, 3) of f32 instead of "
                    "(2, 3) of f64; missing b.momentum_buffer; unexpected c.momentum_buffer");
  state = optimizer.state_dict();
  state.push_back(state[2]);
  CHECK_THROWS_WITH(optimizer.load_state_dict(state), "[sgd] the state has a name twice");
  state = optimizer.state_dict();
  state[0].second = Tensor::from<int64_t>({-1}).alias({});
  CHECK_THROWS_WITH(optimizer.load_state_dict(state), "[sgd] step is 0 or more, got -1");
  state = optimizer.state_dict();
  state[1].second = Tensor::scalar(NAN, DType::f64);
  CHECK_THROWS_WITH(optimizer.load_state_dict(state), "[sgd] lr is 0 or more and finite, got nan");
  CHECK(optimizer.lr() == 0.5);
  CHECK(optimizer.steps() == 0);
}

TEST_CASE("options out of their range are refused") {
  const NamedTensors one{{"p", parameter({1})}};
  CHECK_THROWS_WITH(Adam(one, {.lr = -1}), "[adam] lr is positive and finite, got -1");
  CHECK_THROWS_WITH(Adam(one, {.lr = NAN}), "[adam] lr is positive and finite, got nan");
  CHECK_THROWS_WITH(Adam(one, {.lr = INFINITY}), "[adam] lr is positive and finite, got inf");
  CHECK_THROWS_WITH(Adam(one, {.lr = 0}), "[adam] lr is positive and finite, got 0");
  CHECK_THROWS_WITH(Adam(one, {.beta1 = 1}), "[adam] beta1 is in [0, 1), got 1");
  CHECK_THROWS_WITH(Adam(one, {.beta2 = -0.1}), "[adam] beta2 is in [0, 1), got -0.1");
  CHECK_THROWS_WITH(Adam(one, {.beta2 = NAN}), "[adam] beta2 is in [0, 1), got nan");
  CHECK_THROWS_WITH(Adam(one, {.eps = 0}), "[adam] eps is positive and finite, got 0");
  CHECK_THROWS_WITH(AdamW(one, {.weight_decay = -1}),
                    "[adamw] weight_decay is 0 or more and finite, got -1");
  CHECK_THROWS_WITH(SGD(one, {.momentum = 1}), "[sgd] momentum is in [0, 1), got 1");
  CHECK_THROWS_WITH(SGD(one, {.momentum = 0.5, .dampening = 1.5}),
                    "[sgd] dampening is in [0, 1], got 1.5");
  CHECK_THROWS_WITH(SGD(one, {.nesterov = true}),
                    "[sgd] nesterov needs momentum and no dampening, got momentum 0 and "
                    "dampening 0");
  CHECK_THROWS_WITH(SGD(one, {.momentum = 0.9, .dampening = 0.1, .nesterov = true}),
                    "[sgd] nesterov needs momentum and no dampening, got momentum 0.9 and "
                    "dampening 0.1");
  CHECK_THROWS_WITH(SGD(one, {.weight_decay = NAN}),
                    "[sgd] weight_decay is 0 or more and finite, got nan");
  CHECK_THROWS_WITH(SGD(one, {.decoupled_weight_decay = 1}),
                    "[sgd] decoupled_weight_decay is in [0, 1), got 1");
  SGD optimizer(one);
  optimizer.set_lr(0);
  CHECK_THROWS_WITH(optimizer.set_lr(-1), "[sgd] lr is 0 or more and finite, got -1");
  CHECK_THROWS_WITH(
      optimizers().find("adan"),
      "unknown optimizer 'adan': one of adam, adamw, nadam, radam, nag, adamax, lion, sgd, "
      "adagrad, lamb, lars, adadelta, momentum, rmsprop");
  CHECK_THROWS_WITH(optimizers().find("adam")(one, 1, {{"momentum", 0.9}}),
                    "[adam] has no option momentum");
  CHECK_THROWS_WITH(optimizers().find("nag")(one, 1, {{"dampening", 0.1}}),
                    "[nag] has no option dampening");
}

TEST_CASE("parameters that can't be trained are refused") {
  const Tensor p = parameter({1}), q = parameter({2});
  CHECK_THROWS_WITH(SGD({{"p", p}, {"p", q}}), "[sgd] two parameters are named 'p'");
  CHECK_THROWS_WITH(SGD({{"p", p}, {"q", p}}), "[sgd] parameters 'p' and 'q' are one tensor");
  CHECK_THROWS_WITH(SGD({{"p", Tensor()}}), "[sgd] parameter 'p' is undefined");
  CHECK_THROWS_WITH(SGD({{"p", p + q}}), "[sgd] parameter 'p' is the result of an operation");
  CHECK_THROWS_WITH(SGD({{"p", Tensor::ones({1})}}),
                    "[sgd] none of 1 parameters requires a gradient");
  CHECK_THROWS_WITH(SGD({}), "[sgd] none of 0 parameters requires a gradient");
}

TEST_CASE("a parameter without a gradient is named, or left alone") {
  Tensor p = parameter({1}), q = parameter({2}), r = parameter({3});
  p.set_grad(Tensor::from({1.f}));
  SGD strict({{"p", p}, {"q", q}, {"r", r}}, {.lr = 0.5});
  CHECK_THROWS_AS(strict.step(), std::logic_error);
  CHECK_THROWS_WITH(
      strict.step(),
      "[sgd] no gradient for q, r: call backward() before step(), or set allow_missing_gradient");
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
