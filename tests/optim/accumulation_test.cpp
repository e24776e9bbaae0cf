#include "optim/accumulation.hpp"

#include <doctest/doctest.h>

#include "core/ops/elementwise.hpp"
#include "core/ops/linear.hpp"
#include "core/ops/loss/loss.hpp"
#include "core/ops/shape.hpp"
#include "core/random.hpp"

using namespace gradus;
using namespace gradus::optim;

namespace {

// A weight's gradient of a mean over 10 rows, in parts of at most `part`.
struct Result {
  std::vector<double> gradient;
  double loss;
  std::vector<int64_t> parts = {};
};

Result accumulate(int64_t part) {
  Rng rng(5);
  const Tensor x = randn({10, 4}, rng, DType::f64);
  const Tensor labels = Tensor::from({int64_t{0}, int64_t{1}, int64_t{2}, int64_t{0}, int64_t{1},
                                      int64_t{2}, int64_t{2}, int64_t{1}, int64_t{0}, int64_t{1}});
  const Tensor weight = randn({4, 3}, rng, DType::f64).set_requires_grad();
  Result result{{}, 0};
  result.loss = accumulate_backward(10, part, [&](int64_t first, int64_t count) {
    result.parts.push_back(count);
    return cross_entropy(matmul(slice(x, 0, first, first + count), weight),
                         slice(labels, 0, first, first + count));
  });
  result.gradient = weight.grad().to_vector<double>();
  return result;
}

}  // namespace

TEST_CASE("parts of a batch have its gradient, whatever their sizes") {
  const Result whole = accumulate(10);
  CHECK(whole.parts == std::vector<int64_t>{10});
  CHECK(accumulate(4).parts == std::vector<int64_t>{4, 4, 2});
  CHECK(accumulate(99).gradient == whole.gradient);
  for (const int64_t part : {1, 3, 4, 5, 9}) {
    const Result parts = accumulate(part);
    CHECK(parts.loss == doctest::Approx(whole.loss).epsilon(1e-14));
    for (std::size_t i = 0; i < whole.gradient.size(); ++i)
      CHECK(parts.gradient[i] == doctest::Approx(whole.gradient[i]).epsilon(1e-13));
  }
}

TEST_CASE("a batch of no rows, or in parts of none, is refused") {
  const auto loss = [](int64_t, int64_t) { return Tensor::scalar(0); };
  CHECK_THROWS_WITH(accumulate_backward(0, 1, loss),
                    "[accumulate_backward] rows must be 1 or more, got 0");
  CHECK_THROWS_WITH(accumulate_backward(1, 0, loss),
                    "[accumulate_backward] part must be 1 or more, got 0");
}
