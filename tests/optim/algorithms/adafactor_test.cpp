#include "optim/algorithms/adafactor.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/autograd.hpp"
#include "core/ops/creation.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/linear.hpp"
#include "core/ops/reduce.hpp"
#include "core/parallel.hpp"
#include "tests/optim/problem.hpp"

using namespace gradus;
using namespace gradus::optim;

TEST_CASE("Adafactor's state is that of rows and columns, of vectors a tensor") {
  Adafactor optimizer({{"matrix", random_parameter({3, 5})},
                       {"kernel", random_parameter({4, 2, 3, 5})},
                       {"vector", random_parameter({7})},
                       {"number", random_parameter({})}});
  std::vector<std::string> state;
  for (const auto& [name, tensor] : optimizer.state_dict())
    state.push_back(fmt::format("{} {}", name, tensor.shape()));
  CHECK(state == std::vector<std::string>{"step ()", "lr ()", "matrix.row_var (3, 1)",
                                          "matrix.col_var (1, 5)", "kernel.row_var (4, 2, 3, 1)",
                                          "kernel.col_var (4, 2, 1, 5)", "vector.variance (7)",
                                          "number.variance ()"});
}

TEST_CASE("Where the squared gradient is a product of rows and columns, a step is its sign") {
  Tensor p = Tensor::full({3, 4}, 2, DType::f64).set_requires_grad();
  Tensor g = zeros_like(p);
  for (int i = 0; i < 12; ++i)
    g.mutable_data<double>()[i] = (i % 2 == 0 ? 1 : -1) * (1 + i / 4) * 0.1 * (1 + i % 4);
  p.set_grad(g);
  Adafactor optimizer({{"p", p}}, {.lr = 0.125});
  optimizer.step();
  // Relative to the size of the weights, 2.
  for (int i = 0; i < 12; ++i)
    CHECK(p.data<double>()[i] == doctest::Approx(2 - (i % 2 == 0 ? 1 : -1) * 0.25).epsilon(1e-12));
}

TEST_CASE("Steps are relative to the weights, but not to those that are almost 0") {
  const auto moved = [](double size, const AdafactorOptions& options) {
    Tensor p = Tensor::full({3}, size, DType::f64).set_requires_grad();
    p.set_grad(Tensor::ones({3}, DType::f64));
    Adafactor optimizer({{"p", p}}, options);
    optimizer.step();
    return size - p.data<double>()[0];
  };
  CHECK(moved(8, {.lr = 0.25}) == doctest::Approx(2).epsilon(1e-12));
  CHECK(moved(8, {.lr = 4}) == doctest::Approx(8).epsilon(1e-12));  // 1/√t at most
  CHECK(moved(0, {.lr = 0.25, .eps2 = 0.5}) == doctest::Approx(0.125).epsilon(1e-12));
  CHECK(moved(0, {.lr = 0.25, .eps2 = 0}) == 0);
  // A gradient below ε₁ makes smaller steps.
  CHECK(moved(8, {.lr = 0.25, .eps1 = 4}) == doctest::Approx(0.5).epsilon(1e-12));
  // The decay has the plain rate, and comes after the size is measured.
  CHECK(moved(8, {.lr = 0.25, .weight_decay = 0.5}) == doctest::Approx(2 + 1).epsilon(1e-12));
}

TEST_CASE("A step whose root mean square is above d is scaled down to it") {
  // After small gradients a large one: w = 2^-0.8 at step 2.
  const auto second_step = [](double d) {
    Tensor p = Tensor::full({2}, 1, DType::f64).set_requires_grad();
    Adafactor optimizer({{"p", p}}, {.lr = 0.25, .clip_threshold = d});
    p.set_grad(Tensor::full({2}, 1e-3, DType::f64));
    optimizer.step();
    const double before = p.data<double>()[0];
    p.set_grad(Tensor::ones({2}, DType::f64));
    optimizer.step();
    return (before - p.data<double>()[0]) / (0.25 * before);
  };
  CHECK(second_step(1) == doctest::Approx(1).epsilon(1e-9));
  CHECK(second_step(1.25) == doctest::Approx(1.25).epsilon(1e-9));
  CHECK(second_step(9) == doctest::Approx(std::pow(2, 0.4)).epsilon(1e-5));
}

TEST_CASE("Each matrix of a tensor of four dimensions has its own rows and columns") {
  Tensor all = random_parameter({2, 3, 4, 5});
  NamedTensors parts;
  for (int64_t i = 0; i < 6; ++i) {
    Tensor part = Tensor::empty({4, 5}, DType::f64), g = Tensor::empty({4, 5}, DType::f64);
    part.copy_from(all.detach().alias({4, 5}, i * 20));
    g.copy_from(all.grad().alias({4, 5}, i * 20));
    part.set_requires_grad();
    part.set_grad(g);
    parts.emplace_back(fmt::format("{}", i), part);
  }
  Adafactor whole({{"p", all}}), divided(parts);
  whole.step();
  divided.step();
  const NamedTensors state = whole.state_dict(), other = divided.state_dict();
  for (int64_t i = 0; i < 6; ++i) {
    CHECK(state[2].second.alias({4}, i * 4).to_vector<double>() ==
          other[static_cast<std::size_t>(2 + 2 * i)].second.to_vector<double>());
    CHECK(state[3].second.alias({5}, i * 5).to_vector<double>() ==
          other[static_cast<std::size_t>(3 + 2 * i)].second.to_vector<double>());
  }
}

TEST_CASE("Adafactor has the same bits with any number of threads, and groups of its own") {
  const int before = num_threads();
  const auto steps = [](int threads) {
    set_num_threads(threads);
    Tensor p = random_parameter({301, 203}, DType::f32),
           frozen = Tensor::ones({2, 2}).set_requires_grad();
    frozen.set_grad(Tensor::ones({2, 2}));
    Adafactor optimizer({{"p", p}, {"frozen", frozen}}, {.weight_decay = 0.1});
    optimizer.add_group({.pattern = "frozen", .lr = 0});
    for (int step = 0; step < 3; ++step) optimizer.step();
    CHECK(frozen.to_vector<float>() == std::vector<float>(4, 1));
    return p.to_vector<float>();
  };
  const std::vector<float> one = steps(1);
  for (const int threads : {2, 5}) CHECK(steps(threads) == one);
  set_num_threads(before);
}

TEST_CASE("Adafactor learns, and takes gradients of zeros and empty tensors") {
  Rng rng(1);
  Tensor a = (0.3 * randn({6, 8}, rng)).detach().set_requires_grad(),
         b = (0.3 * randn({8, 5}, rng)).detach().set_requires_grad(),
         empty = Tensor::ones({3, 0}).set_requires_grad();
  empty.set_grad(zeros_like(empty));
  const Tensor wanted = matmul(randn({6, 8}, rng), randn({8, 5}, rng));
  Adafactor optimizer({{"a", a}, {"b", b}, {"empty", empty}}, {.lr = 0.05});
  const auto error = [&] { return mean(square(matmul(a, b) - wanted)); };
  const double first = error().item();
  for (int step = 0; step < 500; ++step) {
    a.zero_grad();
    b.zero_grad();
    error().backward();
    optimizer.step();
  }
  CHECK(error().item() < 1e-2 * first);

  Tensor still = Tensor::ones({2, 3}).set_requires_grad();
  still.set_grad(zeros_like(still));
  Adafactor({{"p", still}}).step();
  CHECK(still.to_vector<float>() == std::vector<float>(6, 1));
}

TEST_CASE("Adafactor refuses wrong options") {
  const NamedTensors one{{"p", random_parameter({2, 2})}};
  CHECK_THROWS_WITH(Adafactor(one, {.lr = 0}), "[adafactor] lr must be positive and finite, got 0");
  CHECK_THROWS_WITH(Adafactor(one, {.beta2_decay = 0.1}),
                    "[adafactor] beta2_decay must be 0 or less and finite, got 0.1");
  CHECK_THROWS_WITH(Adafactor(one, {.eps1 = -1}),
                    "[adafactor] eps1 must be 0 or more and finite, got -1");
  CHECK_THROWS_WITH(Adafactor(one, {.eps2 = NAN}),
                    "[adafactor] eps2 must be 0 or more and finite, got nan");
  CHECK_THROWS_WITH(Adafactor(one, {.clip_threshold = 0.5}),
                    "[adafactor] clip_threshold must be 1 or more and finite, got 0.5");
}
