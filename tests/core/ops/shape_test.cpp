#include "core/ops/shape.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/autograd.hpp"
#include "core/ops/dropout.hpp"
#include "core/ops/indexing.hpp"
#include "core/ops/masks.hpp"
#include "core/ops/reduce.hpp"

using namespace gradus;

namespace {

using Integers = std::vector<int64_t>;

Integers values(const Tensor& x) {
  return x.to_vector<int64_t>();
}

}  // namespace

TEST_CASE("slices are copies in every dimension, views of rows share the memory") {
  const Tensor x = Tensor::arange(6);
  CHECK(values(slice(x, 0, 1, 5, 2)) == Integers{1, 3});
  CHECK(values(slice(x, 0, -2, 6)) == Integers{4, 5});
  CHECK(values(slice(x, 0, -6, -4)) == Integers{0, 1});
  CHECK(values(slice(x, -1, 0, 6, 4)) == Integers{0, 4});
  CHECK(values(slice(x, 0, 0, 6, INT64_MAX)) == Integers{0});
  const Tensor rows = Tensor::zeros({3, 2});
  for (int dim : {0, 1}) slice(rows, dim, 0, 1).fill(7);
  rows[1].fill(7);
  CHECK(sum(rows).item() == 0);
  row_view(rows, 1, 1).fill(7);
  CHECK(rows.to_vector<float>() == std::vector<float>{0, 0, 7, 7, 0, 0});
  CHECK(row_view(rows, 3, 0).shape() == Shape{0, 2});
}

TEST_CASE("elements are read and written by their places") {
  Tensor x = reshape(Tensor::arange(12), {3, 4});
  CHECK(values(x[1]) == Integers{4, 5, 6, 7});
  CHECK(x[-1][-1].item() == 11);
  CHECK(x(1, 2).item() == 6);
  CHECK(x(1, 2).shape() == Shape{});
  CHECK(x().shape() == Shape{3, 4});
  CHECK(values(x(Slice{}, 0)) == Integers{0, 4, 8});
  CHECK(values(x(Slice{1}, Slice{.stop = -2})) == Integers{4, 5, 8, 9});
  CHECK(values(x(-1, Slice{-3, 4, 2})) == Integers{9, 11});
  CHECK(values(x[x > 9]) == Integers{10, 11});
  CHECK(values(x[Tensor::from({2, 0})]) == Integers{8, 9, 10, 11, 0, 1, 2, 3});
  x.assign({0}, -1);
  x.assign({Slice{1}, Slice{0, 4, 3}}, Tensor::from({{20}, {30}}));
  CHECK(values(x) == Integers{-1, -1, -1, -1, 20, 5, 6, 20, 30, 9, 10, 30});
  x.assign({Slice{0, 2}}, row_view(x, 1, 2));
  CHECK(values(x) == Integers{20, 5, 6, 20, 30, 9, 10, 30, 30, 9, 10, 30});
  x.assign({2, 3}, 0);
  CHECK(x(2, 3).item() == 0);
  Tensor mask = Tensor::zeros({2}, DType::boolean);
  mask.assign({1}, 1);
  CHECK(mask.to_vector<bool>() == std::vector<bool>{false, true});
  const Tensor leaf = Tensor::from({{1.0, 2.0}, {3.0, 4.0}}).set_requires_grad();
  sum(square(leaf(Slice{}, 1))).backward();
  CHECK(leaf.grad().to_vector<double>() == std::vector<double>{0, 4, 0, 8});
}

TEST_CASE("places outside, empty ranges and values that don't fit are errors in words") {
  Tensor x = Tensor::zeros({3, 4});
  const auto check = [](auto body, const char* text) {
    CHECK_THROWS_WITH_AS(body(), text, std::invalid_argument);
  };
  check([&] { x[3]; }, "[index] the index of dimension 0 of (3, 4) must be -3 to 2, got 3");
  check([&] { x(0, -5); }, "[index] the index of dimension 1 of (3, 4) must be -4 to 3, got -5");
  check([&] { x(0, 0, 0); },
        "[index] there must be at most one index for each dimension, got 3 for (3, 4)");
  check([&] { Tensor::scalar(1)[0]; },
        "[index] there must be at most one index for each dimension, got 1 for ()");
  check(
      [&] {
        x(Slice{2, 2});
      },
      "[index] the range 2 to 2 must have an element and be within 0 to 3 in dimension 0 of (3, "
      "4)");
  check([&] { slice(x, 1, 2, 5); },
        "[slice] the range 2 to 5 must have an element and be within 0 to 4 in dimension 1 of (3, "
        "4)");
  check([&] { slice(x, 0, -4, 2); },
        "[slice] the range -4 to 2 must have an element and be within 0 to 3 in dimension 0 of (3, "
        "4)");
  check([&] { x.assign({Slice{.step = 0}}, 1); }, "[assign] step must be 1 or more, got 0");
  check([&] { x.assign({0}, Tensor::zeros({3})); },
        "[assign] shapes (3) and (4) don't broadcast: 3 against 4");
  check(
      [&] {
        x.assign({0, 0}, Tensor::zeros({2}));
      },
      "[assign] the value must broadcast to the part: value (2), part () of (3, 4)");
  check([&] { x.assign({0}, Tensor::arange(4)); },
        "[assign] the value must have the type f32, got i64");
  check([&] { row_view(x, 2, 2); }, "[row_view] rows 2 to 4 must be within (3, 4)");
  check(
      [&] {
        Tensor::from({{1, 2}, {3}});
      },
      "[from] all rows must have the same shape, got (2) and (1)");
  x.set_requires_grad();
  CHECK_THROWS_WITH_AS(
      x.assign({0}, 1),
      "[assign] the leaf (3, 4) requires a gradient: change it in place only under NoGrad",
      std::logic_error);
}

TEST_CASE("lists become tensors of their type and shape") {
  CHECK(Tensor::from({1, 2}).dtype() == DType::i64);
  CHECK(Tensor::from({true, false}).dtype() == DType::boolean);
  CHECK(Tensor::from({{1.f, 2.f, 3.f}, {4.f, 5.f, 6.f}}).shape() == Shape{2, 3});
  CHECK(Tensor::from({{1.0, 2.0}, {3.0, 4.0}}).to_vector<double>() ==
        std::vector<double>{1, 2, 3, 4});
  CHECK(Tensor::from({{{1, 2}, {3, 4}}, {{5, 6}, {7, 8}}}).shape() == Shape{2, 2, 2});
}

TEST_CASE("operations move elements like NumPy") {
  const Tensor x = reshape(Tensor::arange(6), {1, 2, 3});
  CHECK(values(permute(x, {2, 0, 1})) == Integers{0, 3, 1, 4, 2, 5});
  CHECK(permute(x, {0, 1, 2}).is_same(x));
  CHECK(values(transpose(x, -1, 1)) == Integers{0, 3, 1, 4, 2, 5});
  CHECK(values(stack({Tensor::arange(2), Tensor::arange(2)}, 1)) == Integers{0, 0, 1, 1});
  CHECK(stack({Tensor::scalar(1), Tensor::scalar(2)}).to_vector<float>() ==
        std::vector<float>{1, 2});
  CHECK(values(cat({Tensor::arange(0), Tensor::arange(2)})) == Integers{0, 1});
  CHECK(values(pad(reshape(Tensor::arange(4), {2, 2}), {1, 0, 0, 1}, 9)) ==
        Integers{9, 0, 1, 9, 2, 3, 9, 9, 9});
  CHECK(flatten(Tensor::zeros({2, 3, 4}), 1).shape() == Shape{2, 12});
  CHECK(flatten(Tensor::scalar(1)).shape() == Shape{1});
  CHECK(unsqueeze(Tensor::zeros({2}), -1).shape() == Shape{2, 1});
  CHECK(one_hot(Tensor::from<int64_t>({2, 0}), 3).to_vector<float>() ==
        std::vector<float>{0, 0, 1, 1, 0, 0});
}

TEST_CASE("an index that occurs twice gets both gradients") {
  const Tensor x = Tensor::zeros({3, 2}, DType::f64).set_requires_grad();
  sum(index_select(x, 0, Tensor::from<int64_t>({2, 0, 2}))).backward();
  CHECK(x.grad().to_vector<double>() == std::vector<double>{1, 1, 0, 0, 2, 2});
}

TEST_CASE("operations on shapes refuse wrong shapes and options") {
  const Tensor x = Tensor::zeros({2, 3}), y = Tensor::zeros({2, 4});
  const auto check = [](auto body, const char* text) {
    CHECK_THROWS_WITH_AS(body(), text, std::invalid_argument);
  };
  check([&] { permute(x, {0}); }, "[permute] dims must contain each dimension once: (0) of (2, 3)");
  check(
      [&] {
        permute(x, {1, -1});
      },
      "[permute] dims must contain each dimension once: (1, -1) has 1 twice");
  check([&] { transpose(x, 0, 2); }, "[transpose] dimension 2 is out of range for shape (2, 3)");
  check([&] { slice(x, 0, 0, 1, 0); }, "[slice] step must be 1 or more, got 0");
  check(
      [&] {
        cat({x, y});
      },
      "[cat] extents must be equal except in dimension 0: (2, 3) and (2, 4)");
  check(
      [&] {
        cat({x, Tensor::zeros({2, 3}, DType::f64)});
      },
      "[cat] all tensors must have the same type, got f32 and f64");
  check([&] { cat(Tensors{}); }, "[cat] at least one tensor is needed");
  check(
      [&] {
        stack({x, y});
      },
      "[stack] all tensors must have the same shape, got (2, 3) and (2, 4)");
  check([&] { squeeze(x, 1); },
        "[squeeze] the dimension must have extent 1: dimension 1 of (2, 3)");
  check([&] { unsqueeze(x, 4); }, "[unsqueeze] the dimension must be -3 to 2, got 4");
  check([&] { pad(x, {1}); },
        "[pad] padding must have two numbers for each padded dimension: (1) for (2, 3)");
  check([&] { pad(x, {1, -1}); }, "[pad] padding must be 0 or more, got (1, -1)");
}

TEST_CASE("the error for an index out of range has its position") {
  const Tensor x = Tensor::zeros({2, 3});
  const auto check = [](auto body, const char* text) {
    CHECK_THROWS_WITH_AS(body(), text, std::invalid_argument);
  };
  check(
      [&] {
        index_select(x, 1, Tensor::from<int64_t>({0, 3}));
      },
      "[index_select] index at position 1 must be 0 to 2, got 3");
  check(
      [&] {
        index_select(x, 0, Tensor::zeros({1, 1}, DType::i64));
      },
      "[index_select] index must be a vector, got (1, 1)");
  check(
      [&] {
        gather(x, 1, Tensor::full({2, 1}, -1, DType::i64));
      },
      "[gather] index at position (0, 0) must be 0 to 2, got -1");
  check(
      [&] {
        gather(x, 1, Tensor::zeros({3, 1}, DType::i64));
      },
      "[gather] index must have the rank of x, and extents no larger except in dimension 1: index "
      "(3, 1), x (2, 3)");
  check(
      [&] {
        embedding(Tensor::from(Integers{0, 1, 2, 0}, {2, 2}), x);
      },
      "[embedding] index at position (1, 0) must be 0 to 1, got 2");
  check([&] { embedding(x, x); }, "[embedding] index tensors must be i64, got f32");
  check([&] { one_hot(Tensor::from<int64_t>({5}), 5); },
        "[one_hot] label at position 0 must be 0 to 4, got 5");
}

TEST_CASE("dropout zeroes a fraction of the elements and keeps the mean") {
  Rng rng(3);
  const Tensor x = Tensor::ones({100'000}).set_requires_grad();
  const Tensor y = dropout(x, 0.3, rng);
  int64_t zeros = 0, scaled = 0;
  for (const float v : y.to_vector<float>()) {
    zeros += v == 0;
    scaled += std::abs(v - 1 / 0.7) < 1e-6;
  }
  CHECK(zeros + scaled == 100'000);
  CHECK(std::abs(static_cast<double>(zeros) / 1e5 - 0.3) < 0.01);
  y.backward(Tensor::ones({100'000}));
  CHECK(x.grad().to_vector<float>() == y.to_vector<float>());
  CHECK(dropout(x, 0, rng).is_same(x));
  CHECK_THROWS_WITH_AS(dropout(x, 1, rng), "[dropout] rate must be 0 or more and below 1, got 1",
                       std::invalid_argument);
}

TEST_CASE("permute resolves negative dimensions") {
  Rng rng(1);
  const Tensor x = randn({5, 2, 6}, rng);
  const auto same = [&](std::vector<int> counted, std::vector<int> from_front) {
    const Tensor a = permute(x, counted), b = permute(x, from_front);
    CHECK(a.shape() == b.shape());
    CHECK(a.to_vector<float>() == b.to_vector<float>());
  };
  same({-1, 0, 1}, {2, 0, 1});
  same({-3, -2, -1}, {0, 1, 2});
  same({-1, 0, -2}, {2, 0, 1});
  CHECK(permute(Tensor::zeros({2, 3}), std::vector<int>{-1, 0}).shape() == Shape{3, 2});
  CHECK(permute(x, std::vector<int>{-3, -2, -1}).is_same(x));
}

TEST_CASE("gather, scatter_add and index_select move the elements that the index names") {
  const Tensor x = Tensor::from<double>({1, 2, 3, 4, 5, 6}, {2, 3});
  const Tensor index = Tensor::from<int64_t>({2, 0, 1, 1}, {2, 2});
  CHECK(gather(x, -1, index).to_vector<double>() == std::vector<double>{3, 1, 5, 5});
  const Tensor pair = Tensor::from<double>({1, 2, 3, 4}, {2, 2});
  CHECK(scatter_add({2, 3}, -1, index, pair).to_vector<double>() ==
        std::vector<double>{2, 0, 1, 0, 7, 0});
  CHECK(index_select(x, -1, Tensor::from<int64_t>({2, 0})).to_vector<double>() ==
        std::vector<double>{3, 1, 6, 4});
}
