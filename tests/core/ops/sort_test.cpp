#include "core/ops/sort.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/autograd.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/reduce.hpp"
#include "core/random.hpp"
#include "tests/same_bits.hpp"

using namespace gradus;

namespace {

using Indices = std::vector<int64_t>;

constexpr float single_nan = std::numeric_limits<float>::quiet_NaN();

Indices indices_of(const Tensor& x) {
  return x.to_vector<int64_t>();
}

}  // namespace

TEST_CASE("equal elements keep their order, both ways, and NaN is the largest") {
  const Tensor x =
      Tensor::from({2.f, single_nan, -0.f, 0.f, -INFINITY, 2.f, INFINITY, -single_nan, -1.f});
  CHECK(indices_of(argsort(x)) == Indices{4, 8, 2, 3, 0, 5, 6, 1, 7});
  CHECK(indices_of(argsort(x, 0, true)) == Indices{1, 7, 6, 0, 5, 2, 3, 8, 4});
  CHECK(indices_of(sort(x, 0, true).indices) == indices_of(argsort(x, 0, true)));
  CHECK(std::isnan(sort(x).values.to_vector<float>()[7]));
  CHECK(sort(x).values.to_vector<float>()[0] == -INFINITY);
}

TEST_CASE("any dimension is sorted, and any number of elements") {
  const Tensor x = Tensor::from<double>({3, 1, 2, 0, 5, 4}, {3, 2});
  CHECK(sort(x, 0).values.to_vector<double>() == std::vector<double>{2, 0, 3, 1, 5, 4});
  CHECK(indices_of(sort(x, 0).indices) == Indices{1, 1, 0, 0, 2, 2});
  CHECK(sort(x).values.to_vector<double>() == std::vector<double>{1, 3, 0, 2, 4, 5});
  CHECK(sort(x, -2, true).values.to_vector<double>() == std::vector<double>{5, 4, 3, 1, 2, 0});
  CHECK(sort(Tensor::zeros({2, 0})).values.shape() == Shape{2, 0});
  CHECK(sort(Tensor::zeros({0, 2})).indices.shape() == Shape{0, 2});
  CHECK(indices_of(argsort(Tensor::zeros({1}))) == Indices{0});
}

TEST_CASE("integers of any size are sorted exactly") {
  const int64_t least = INT64_MIN, most = INT64_MAX;
  const Tensor x = Tensor::from<int64_t>({most, 0, least, -1, most - 1});
  CHECK(indices_of(sort(x).values) == Indices{least, -1, 0, most - 1, most});
  CHECK(indices_of(topk(x, 2).values) == Indices{most, most - 1});
  CHECK(indices_of(topk(x, 2, 0, false).indices) == Indices{2, 3});
}

TEST_CASE("the first k are those of the sorted tensor, for every k") {
  Rng rng(3);
  Tensor x = randn({4, 50, 3}, rng);
  dispatch_floating("test", x.dtype(), [&]<class T>(T) {
    for (int64_t i = 0; i < x.numel(); ++i) x.mutable_data<T>()[i] = std::round(4 * x.data<T>()[i]);
  });
  for (const bool largest : {false, true}) {
    const Sorted all = sort(x, 1, largest);
    for (const int64_t k : {0, 1, 7, 49, 50}) {
      CAPTURE(k);
      const Sorted first = topk(x, k, 1, largest);
      CHECK(first.values.shape() == Shape{4, k, 3});
      for (int64_t row = 0; row < 4; ++row)
        for (int64_t at = 0; at < k * 3; ++at) {
          CHECK(first.indices.data<int64_t>()[row * k * 3 + at] ==
                all.indices.data<int64_t>()[row * 150 + at]);
          CHECK(first.values.data<float>()[row * k * 3 + at] ==
                all.values.data<float>()[row * 150 + at]);
        }
    }
  }
}

TEST_CASE("long lines are in the same order as std::stable_sort gives them") {
  Rng rng(4);
  for (const int64_t n : {255, 256, 5000}) {
    CAPTURE(n);
    Tensor x = randn({n}, rng, DType::f64);
    for (int64_t i = 0; i < n; i += 3)
      x.mutable_data<double>()[i] = std::round(x.data<double>()[i]);
    const double* values = x.data<double>();
    for (const bool descending : {false, true}) {
      Indices wanted(static_cast<std::size_t>(n));
      std::iota(wanted.begin(), wanted.end(), 0);
      std::ranges::stable_sort(wanted, [&](int64_t a, int64_t b) {
        return descending ? values[a] > values[b] : values[a] < values[b];
      });
      CHECK(indices_of(argsort(x, 0, descending)) == wanted);
    }
  }
}

TEST_CASE("the gradient of sorted values goes to where they were") {
  const Tensor x = Tensor::from<double>({3, 1, 1, 2}).set_requires_grad();
  const Tensor weight = Tensor::from<double>({1, 10, 100, 1000});
  CHECK(grad({sum(sort(x).values * weight)}, {x})[0].to_vector<double>() ==
        std::vector<double>{1000, 1, 10, 100});
  CHECK(grad({sum(topk(x, 2).values)}, {x})[0].to_vector<double>() ==
        std::vector<double>{1, 0, 0, 1});
  CHECK(!sort(x).indices.requires_grad());
}

TEST_CASE("sort and topk refuse dimensions and numbers that aren't there") {
  const Tensor x = Tensor::zeros({2, 3});
  CHECK_THROWS_WITH_AS(sort(x, 2), "[sort] dimension 2 is out of range for shape (2, 3)",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(topk(x, 4), "[topk] k must be 0 to 3, got 4", std::invalid_argument);
  CHECK_THROWS_WITH_AS(topk(x, -1, 0), "[topk] k must be 0 to 2, got -1", std::invalid_argument);
}
