#include "optim/algorithms/muon.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/autograd.hpp"
#include "core/linalg/linalg.hpp"
#include "core/ops/creation.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/linear.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "core/parallel.hpp"
#include "optim/algorithms/adam.hpp"
#include "tests/optim/problem.hpp"

using namespace gradus;
using namespace gradus::optim;

namespace {

// The step of a first update, without its sign: lr 1, no decay.
Tensor step_of(Tensor p, MuonOptions options = {}) {
  options.lr = 1;
  options.weight_decay = 0;
  Muon optimizer({{"p", p}}, options);
  no_grad([&] { p.fill(0); });
  optimizer.step();
  return -p.detach();
}

// In ascending order.
std::vector<double> singular_values(const Tensor& matrix) {
  const Tensor x = cast(matrix, DType::f64);
  const bool is_tall = x.size(0) > x.size(1);
  const Tensor gram = matmul(x, x, is_tall ? Transpose{.a = true} : Transpose{.b = true});
  std::vector<double> values = linalg::eigh(gram).values.to_vector<double>();
  for (double& value : values) value = std::sqrt(value);
  return values;
}

double root_mean_square(const Tensor& x) {
  return std::sqrt(mean(square(cast(x, DType::f64))).item());
}

}  // namespace

TEST_CASE("Muon's steps have singular values near 1, wide and tall, in f32 and f64") {
  for (const DType dtype : {DType::f32, DType::f64})
    for (const Shape& shape : {Shape{6, 20}, Shape{20, 6}, Shape{12, 40}}) {
      CAPTURE(shape);
      const double scale =
          std::sqrt(std::max(1.0, static_cast<double>(shape[0]) / static_cast<double>(shape[1])));
      const std::vector<double> values =
          singular_values(step_of(random_parameter(shape, dtype)) / scale);
      CHECK(values.front() > 0.65);
      CHECK(values.back() < 1.25);
    }
}

TEST_CASE("With coefficients that converge, Muon's step is the orthogonal factor") {
  // x ← (15x − 10x³ + 3x⁵)/8 has the fixed point 1, which attracts cubically.
  const MuonOptions options{.ns_steps = 30, .ns_coefficients = {15. / 8, -10. / 8, 3. / 8}};
  const Tensor p = random_parameter({5, 9}, DType::f64);
  const Tensor step = step_of(p, options), gram = matmul(step, step, {.b = true});
  for (int64_t i = 0; i < 25; ++i)
    CHECK(gram.data<double>()[i] == doctest::Approx(i % 6 == 0 ? 1 : 0).epsilon(1e-12).scale(1));
  // The nearest one: its product with the gradient is symmetric and positive.
  const Tensor product = matmul(step, p.grad(), {.b = true});
  for (int64_t i = 0; i < 5; ++i)
    for (int64_t j = 0; j < 5; ++j)
      CHECK(product(i, j).item() == doctest::Approx(product(j, i).item()).epsilon(1e-12).scale(1));
  CHECK(linalg::eigh(product).values.data<double>()[0] > 0);
}

TEST_CASE("A convolution's weight is a matrix of its outputs, and the scale follows its shape") {
  const Tensor kernel = random_parameter({8, 2, 3, 3}, DType::f64);
  Tensor flat = Tensor::zeros({8, 18}, DType::f64).set_requires_grad();
  flat.set_grad(reshape(kernel.grad(), {8, 18}));
  CHECK(step_of(kernel).to_vector<double>() == step_of(flat).to_vector<double>());

  // Orthogonal rows of 16 × 4: each of 4 singular values 1 in 64 numbers.
  const MuonOptions exact{.ns_steps = 30, .ns_coefficients = {15. / 8, -10. / 8, 3. / 8}};
  CHECK(root_mean_square(step_of(random_parameter({16, 4}, DType::f64), exact)) ==
        doctest::Approx(2 * std::sqrt(4. / 64)).epsilon(1e-12));
  CHECK(root_mean_square(step_of(random_parameter({4, 16}, DType::f64), exact)) ==
        doctest::Approx(std::sqrt(4. / 64)).epsilon(1e-12));
  MuonOptions matched = exact;
  matched.adjust_lr_fn = MuonScale::match_rms_adamw;
  for (const Shape& shape : {Shape{16, 4}, Shape{4, 16}, Shape{30, 30}})
    CHECK(root_mean_square(step_of(random_parameter(shape), matched)) ==
          doctest::Approx(0.2).epsilon(1e-9));
}

TEST_CASE("Vectors, numbers and outer parameters are updated by AdamW with a rate of their own") {
  const auto tensors = [] {
    return NamedTensors{{"first", random_parameter({4, 3}, DType::f64, 1)},
                        {"bias", random_parameter({4}, DType::f64, 2)},
                        {"number", random_parameter({}, DType::f64, 3)},
                        {"hidden", random_parameter({4, 4}, DType::f64, 4)}};
  };
  const NamedTensors mixed = tensors(), plain = tensors();
  Muon muon(mixed, {.lr = 0.5, .eps = 1e-4, .adamw_lr_factor = 0.25}, {mixed[0]});
  AdamW adamw(plain, {.lr = 0.125, .beta1 = 0.9, .beta2 = 0.95, .eps = 1e-4, .weight_decay = 0.1});
  for (int step = 0; step < 3; ++step) {
    muon.step();
    adamw.step();
  }
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(mixed[i].second.to_vector<double>() == plain[i].second.to_vector<double>());
  CHECK(mixed[3].second.to_vector<double>() != plain[3].second.to_vector<double>());
  CHECK(muon.lr("hidden") == 0.5);
  CHECK(muon.lr("bias") == 0.125);
  muon.set_lr(0.25);
  CHECK(muon.lr("bias") == 0.0625);
  muon.add_group({.pattern = "first", .lr_factor = 2});
  CHECK(muon.lr("first") == 0.125);
  muon.add_group({.pattern = "first", .lr = 3});
  CHECK(muon.lr("first") == 3);
  std::vector<std::string> names;
  for (const auto& [name, tensor] : muon.state_dict()) names.push_back(name);
  CHECK(names == std::vector<std::string>{"step", "lr", "first.exp_avg", "first.exp_avg_sq",
                                          "bias.exp_avg", "bias.exp_avg_sq", "number.exp_avg",
                                          "number.exp_avg_sq", "hidden.momentum_buffer"});
}

TEST_CASE("Muon's decay is without the scale, and groups have their own") {
  Tensor a = Tensor::ones({2, 2}, DType::f64).set_requires_grad(),
         b = Tensor::ones({2, 2}, DType::f64).set_requires_grad(),
         c = Tensor::ones({2}, DType::f64).set_requires_grad();
  for (Tensor* p : {&a, &b, &c}) p->set_grad(zeros_like(*p));
  Muon optimizer({{"a", a}, {"b", b}, {"c", c}}, {.lr = 0.5,
                                                  .adjust_lr_fn = MuonScale::match_rms_adamw,
                                                  .adamw_lr_factor = 0.5,
                                                  .weight_decay = 0.5});
  optimizer.add_group({.pattern = "b", .weight_decay = 0});
  optimizer.step();
  CHECK(a.data<double>()[0] == 0.75);
  CHECK(b.data<double>()[0] == 1);
  CHECK(c.data<double>()[0] == 0.875);
}

TEST_CASE("Muon's products have the same bits with any number of threads") {
  const int before = num_threads();
  const auto steps = [](int threads) {
    set_num_threads(threads);
    Tensor p = random_parameter({130, 90}, DType::f32);
    Muon optimizer({{"p", p}});
    for (int step = 0; step < 3; ++step) optimizer.step();
    return p.to_vector<float>();
  };
  const std::vector<float> one = steps(1);
  for (const int threads : {2, 5}) CHECK(steps(threads) == one);
  set_num_threads(before);
}

TEST_CASE("Muon learns a product of matrices, and moves by momentum") {
  Rng rng(1);
  Tensor a = (0.3 * randn({6, 8}, rng)).detach().set_requires_grad(),
         b = (0.3 * randn({8, 5}, rng)).detach().set_requires_grad();
  const Tensor wanted = matmul(randn({6, 8}, rng), randn({8, 5}, rng));
  Muon optimizer({{"a", a}, {"b", b}}, {.lr = 0.05, .weight_decay = 0});
  const auto error = [&] { return mean(square(matmul(a, b) - wanted)); };
  const double first = error().item();
  for (int step = 0; step < 300; ++step) {
    optimizer.set_lr(0.05 * (1 - step / 300.0));
    optimizer.zero_grad();
    error().backward();
    optimizer.step();
  }
  CHECK(error().item() < 1e-3 * first);

  // Once the momentum is 0, the step is the gradient's alone.
  Tensor p = random_parameter({3, 4}, DType::f64);
  Muon moving({{"p", p}}, {.lr = 1, .weight_decay = 0});
  moving.step();
  Tensor before = p.detach().clone();
  moving.set_momentum(0);
  const Tensor other = random_parameter({3, 4}, DType::f64, 2);
  p.set_grad(other.grad());
  moving.step();
  const std::vector<double> moved = (before - p).detach().to_vector<double>();
  const std::vector<double> alone = step_of(other).to_vector<double>();
  for (std::size_t i = 0; i < 12; ++i) CHECK(moved[i] == doctest::Approx(alone[i]).epsilon(1e-12));
}

TEST_CASE("Muon takes a gradient of zeros and empty matrices") {
  Tensor still = Tensor::ones({2, 3}).set_requires_grad(),
         empty = Tensor::ones({0, 3}).set_requires_grad();
  still.set_grad(zeros_like(still));
  empty.set_grad(zeros_like(empty));
  Muon optimizer({{"still", still}, {"empty", empty}}, {.weight_decay = 0});
  optimizer.step();
  CHECK(still.to_vector<float>() == std::vector<float>(6, 1));
}

TEST_CASE("Muon refuses wrong options") {
  const NamedTensors one{{"p", random_parameter({2, 2}, DType::f32)}};
  CHECK_THROWS_WITH(Muon(one, {.lr = 0}), "[muon] lr must be positive and finite, got 0");
  CHECK_THROWS_WITH(Muon(one, {.momentum = 1}), "[muon] momentum must be in [0, 1), got 1");
  CHECK_THROWS_WITH(Muon(one, {.ns_steps = 100}),
                    "[muon] ns_steps must be a whole number from 1 to 99, got 100");
  CHECK_THROWS_WITH(Muon(one, {.ns_coefficients = {1, 2}}),
                    "[muon] ns_coefficients must be three finite numbers, got 1, 2");
  CHECK_THROWS_WITH(Muon(one, {.ns_coefficients = {1, 2, NAN}}),
                    "[muon] ns_coefficients must be three finite numbers, got 1, 2, nan");
  CHECK_THROWS_WITH(Muon(one, {.adamw_lr_factor = 0}),
                    "[muon] adamw_lr_factor must be positive and finite, got 0");
  CHECK_THROWS_WITH(Muon(one).set_momentum(1), "[muon] momentum must be in [0, 1), got 1");
}
