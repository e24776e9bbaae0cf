#include <doctest/doctest.h>

#include "core/autograd.hpp"
#include "core/ops/activation.hpp"
#include "core/ops/linear.hpp"
#include "core/ops/masks.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "core/random.hpp"

using namespace gradus;

TEST_CASE("members are the operations of the same names") {
  Rng rng(3);
  const Tensor x = randn({3, 4}, rng, DType::f64), y = randn({4, 2}, rng, DType::f64);
  const auto check = [](const Tensor& a, const Tensor& b) { CHECK(equal(a, b)); };
  check(x.sum(1), sum(x, {1}));
  check(x.sum(), sum(x));
  check(x.sum({0, 1}, true), sum(x, {0, 1}, true));
  check(x.mean(-1), mean(x, {-1}));
  check(x.var(0, false, false), var(x, {0}, false, false));
  check(x.amax(1), amax(x, {1}));
  check(x.amin(0, true), amin(x, {0}, true));
  check((x > 0).any(1), any(x > 0, {1}));
  check((x > 0).all(), all(x > 0));
  check(x.argmax(1), argmax(x, 1));
  check(x.argmin(0, true), argmin(x, 0, true));
  check(x.softmax(1), softmax(x, 1));
  check(x.log_softmax(0), log_softmax(x, 0));
  check(x.reshape({2, -1}), reshape(x, {2, 6}));
  check(x.flatten(), flatten(x));
  check(x.unsqueeze(0), unsqueeze(x, 0));
  check(x.unsqueeze(0).squeeze(0), x);
  check(x.unsqueeze(0).expand({2, 3, 4}), expand(x, {2, 3, 4}));
  check(x.permute({1, 0}), permute(x, {1, 0}));
  check(x.transpose(0, 1), transpose(x, 0, 1));
  check(x.t(), transpose(x, 0, 1));
  check(x.matmul(y), matmul(x, y));
  check(x.pow(3), pow(x, 3));
  check(x.clamp(-1, 1), clamp(x, -1, 1));
  check(x.exp(), exp(x));
  check(x.abs().log(), log(abs(x)));
  check(x.square().sqrt(), sqrt(square(x)));
  check(x.sin(), sin(x));
  check(x.cos(), cos(x));
  check(x.tanh(), tanh(x));
  check(x.sigmoid(), sigmoid(x));
  check(x.relu(), relu(x));
  check(x.to(DType::f32), cast(x, DType::f32));
  CHECK_THROWS_WITH_AS(x[0].t(), "[t] needs a matrix, got (4)", std::invalid_argument);
}

TEST_CASE("a tensor is changed in place for all its handles, x broadcast") {
  Tensor a = Tensor::from({{1.0, 2.0}, {3.0, 4.0}});
  const Tensor handle = a;
  a += Tensor::from({10.0, 20.0});
  a -= 1;
  a *= Tensor::scalar(2, DType::f64);
  a /= 4;
  CHECK(handle.to_vector<double>() == std::vector<double>{5, 10.5, 6, 11.5});
  a += a;
  a -= Tensor::from({1.0, 1.0});
  a /= Tensor::from({{9.0}, {11.0}});
  a *= 3;
  a += 0.5;
  CHECK(handle.to_vector<double>() ==
        std::vector<double>{3.5, 20.0 / 9 * 3 + 0.5, 3.5, 22.0 / 11 * 3 + 0.5});
  Tensor count = Tensor::from({1, 2});
  count += 5;
  count *= Tensor::from({2, 3});
  CHECK(count.to_vector<int64_t>() == std::vector<int64_t>{12, 21});
  CHECK_THROWS_WITH_AS(a += Tensor::zeros({3, 2, 2}, DType::f64),
                       "[+=] x must broadcast to the tensor's shape (2, 2), not to (3, 2, 2)",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(a *= count, "[mul] both operands must have the same type, got f64 and i64",
                       std::invalid_argument);
}

TEST_CASE("changing a recorded value in place is an error that says what to write") {
  const Tensor weight = Tensor::from({1.0}).set_requires_grad();
  Tensor total = Tensor::from({0.0});
  CHECK_THROWS_WITH_AS(
      total += weight,
      "[+=] the tensor (1) can't be changed in place, since a gradient is recorded: "
      "write a = a + x, or use NoGrad to change a parameter",
      std::logic_error);
  Tensor same = weight;
  CHECK_THROWS_WITH_AS(
      same /= 2,
      "[/=] the tensor (1) can't be changed in place, since a gradient is recorded: "
      "write a = a / x, or use NoGrad to change a parameter",
      std::logic_error);
  {
    const NoGrad no_grad;
    same -= 0.25;
    total += weight;
  }
  CHECK(weight.item() == 0.75);
  CHECK(total.item() == 0.75);
  const Tensor squared = weight * weight;
  {
    const NoGrad no_grad;
    same *= 2;
  }
  CHECK_THROWS_AS(squared.backward(), std::logic_error);
}
