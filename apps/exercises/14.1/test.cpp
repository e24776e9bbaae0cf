// Hint: a line for each formula of the chapter, in their order; the shapes say where a transpose
// belongs. Both gradients of the scores have the factor 1/√d: put it into one tensor.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

static void check_with(const gd::Tensor& q, const gd::Tensor& k, const gd::Tensor& v,
                       const gd::Tensor& by_y) {
  const Gradients got = gd::no_grad([&] { return through_head(q, k, v, by_y); });
  gd::matmul(weights_of(q, k), v).backward(by_y);
  const std::string name = fmt::format("for inputs {}", q.shape());
  exercise::expect_near("the gradient of v " + name, got.v, v.grad());
  exercise::expect_near("the gradient of k " + name, got.k, k.grad());
  exercise::expect_near("the gradient of q " + name, got.q, q.grad());
}

void check() {
  gd::Rng rng(1);
  const auto random = [&](const gd::Shape& shape) {
    return gd::randn(shape, rng).set_requires_grad();
  };
  for (const gd::Shape& shape : {gd::Shape{1, 1, 3}, gd::Shape{1, 2, 1}, gd::Shape{3, 5, 4}}) {
    const gd::Tensor q = random(shape), k = random(shape), v = random(shape);
    check_with(q, k, v, gd::randn(shape, rng));
  }
  // All weight on one key: nothing that q and k might change.
  const gd::Tensor q = (100 * gd::Tensor::ones({1, 1, 1})).set_requires_grad();
  const gd::Tensor k = gd::Tensor::from({1.f, -1.f}).reshape({1, 2, 1});
  const Gradients got = through_head(q, k, k, gd::Tensor::ones({1, 1, 1}));
  exercise::expect_near("the gradient of q where one weight is 1", got.q,
                        gd::Tensor::zeros({1, 1, 1}));
}
