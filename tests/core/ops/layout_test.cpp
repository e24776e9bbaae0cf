// layout_test: rearranged, repeated and left-out elements, for all types, at the edges.
#include "core/ops/layout.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "core/autograd.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/indexing.hpp"
#include "core/ops/shape.hpp"
#include "tests/refuses.hpp"
#include "tests/same_bits.hpp"

using namespace gradus;
using testing::refuses;
using testing::same_bits;

namespace {

using Whole = std::vector<int64_t>;

Tensor counted_up(const Shape& shape) {
  return reshape(Tensor::arange(shape.numel()), shape);
}
Whole whole(const Tensor& x) {
  return x.to_vector<int64_t>();
}

}  // namespace

TEST_CASE("split and chunk cut a tensor into parts, the last of which may be smaller") {
  const Tensor x = counted_up({2, 5});
  const Tensors parts = split(x, 2, 1);
  REQUIRE(parts.size() == 3);
  CHECK(whole(parts[0]) == Whole{0, 1, 5, 6});
  CHECK(whole(parts[2]) == Whole{4, 9});
  CHECK(same_bits(cat(parts, 1), x));
  const Tensors sizes = split(x, {1, 0, 4}, -1);
  REQUIRE(sizes.size() == 3);
  CHECK(sizes[1].shape() == Shape{2, 0});
  CHECK(whole(sizes[2]) == Whole{1, 2, 3, 4, 6, 7, 8, 9});
  // As in PyTorch: 5 in 4 chunks are parts of 2, of which three are enough.
  CHECK(chunk(x, 4, 1).size() == 3);
  CHECK(chunk(x, 9, 1).size() == 5);
  const Tensors empty = split(Tensor::zeros({0, 3}), 2);
  REQUIRE(empty.size() == 1);
  CHECK(empty[0].shape() == Shape{0, 3});
  CHECK(chunk(Tensor::zeros({0, 3}), 3).size() == 1);
  CHECK(split(x, INT64_MAX, 1).size() == 1);
}

TEST_CASE("parts of a tensor don't share its memory") {
  const Tensor x = counted_up({4});
  Tensors parts = split(x, 2);
  parts[0].fill(9);
  CHECK(whole(x) == Whole{0, 1, 2, 3});
}

TEST_CASE("flip and roll move elements like NumPy") {
  const Tensor x = counted_up({2, 3});
  CHECK(whole(flip(x, {1})) == Whole{2, 1, 0, 5, 4, 3});
  CHECK(whole(flip(x, {0, -1})) == Whole{5, 4, 3, 2, 1, 0});
  CHECK(whole(flip(x, {})) == whole(x));
  CHECK(flip(Tensor::zeros({0, 3}), {0, 1}).shape() == Shape{0, 3});
  CHECK(whole(roll(x, 1)) == Whole{5, 0, 1, 2, 3, 4});
  CHECK(whole(roll(x, -8)) == Whole{2, 3, 4, 5, 0, 1});
  CHECK(whole(roll(x, {1}, {0})) == Whole{3, 4, 5, 0, 1, 2});
  CHECK(whole(roll(x, {-1, 4}, {-1, 0})) == Whole{1, 2, 0, 4, 5, 3});
  CHECK(whole(roll(x, {1, 1}, {1, 1})) == Whole{1, 2, 0, 4, 5, 3});
  CHECK(whole(roll(x, {INT64_MIN}, {1})) == whole(roll(x, {-2}, {1})));
  CHECK(roll(Tensor::scalar(3), 2).item() == 3);
  CHECK(roll(Tensor::zeros({2, 0}), {1}, {1}).shape() == Shape{2, 0});
}

TEST_CASE("repeat puts copies side by side, new dimensions in front") {
  const Tensor x = counted_up({2, 2});
  CHECK(whole(repeat(x, {1, 2})) == Whole{0, 1, 0, 1, 2, 3, 2, 3});
  CHECK(whole(repeat(x, {2, 1})) == Whole{0, 1, 2, 3, 0, 1, 2, 3});
  CHECK(repeat(x, {3, 1, 2}).shape() == Shape{3, 2, 4});
  CHECK(repeat(x, {0, 2}).shape() == Shape{0, 4});
  CHECK(whole(repeat(Tensor::full({}, 7, DType::i64), {2, 2})) == Whole{7, 7, 7, 7});
  // More dimensions and repetitions than a window of eight dimensions has.
  const Tensor deep = repeat(counted_up({2, 1, 1, 1, 1, 1, 1, 2}), {2, 2, 2, 2, 2, 2, 2, 2});
  CHECK(deep.shape() == Shape{4, 2, 2, 2, 2, 2, 2, 4});
  for (int64_t i = 0; i < deep.numel(); ++i)
    REQUIRE(deep.data<int64_t>()[i] == i % 2 + 2 * (i / 256 % 2));
}

TEST_CASE("triangles keep the elements on one side of a diagonal, and drop NaN on the other") {
  const Tensor x = counted_up({3, 4});
  CHECK(whole(tril(x)) == Whole{0, 0, 0, 0, 4, 5, 0, 0, 8, 9, 10, 0});
  CHECK(whole(triu(x)) == Whole{0, 1, 2, 3, 0, 5, 6, 7, 0, 0, 10, 11});
  CHECK(whole(tril(x, 1)) == Whole{0, 1, 0, 0, 4, 5, 6, 0, 8, 9, 10, 11});
  CHECK(whole(triu(x, -1)) == Whole{0, 1, 2, 3, 4, 5, 6, 7, 0, 9, 10, 11});
  CHECK(whole(tril(x, INT64_MAX)) == whole(x));
  CHECK(whole(triu(x, INT64_MIN)) == whole(x));
  CHECK(whole(tril(x, INT64_MIN)) == Whole(12));
  CHECK(whole(triu(x, INT64_MAX)) == Whole(12));
  const Tensor nan = Tensor::full({2, 2}, NAN);
  CHECK(tril(nan).to_vector<float>()[1] == 0);
  CHECK(triu(nan).to_vector<float>()[2] == 0);
}

TEST_CASE("diagonal and diag_embed are each other's inverse") {
  const Tensor x = counted_up({2, 3, 4});
  CHECK(whole(diagonal(x, 0, 1, 2)) == Whole{0, 5, 10, 12, 17, 22});
  CHECK(whole(diagonal(x, 2, -2, -1)) == Whole{2, 7, 14, 19});
  CHECK(whole(diagonal(x, -1, 1, 2)) == Whole{4, 9, 16, 21});
  CHECK(whole(diagonal(x, 1, 2, 1)) == whole(diagonal(x, -1, 1, 2)));
  CHECK(diagonal(x, 4, 1, 2).shape() == Shape{2, 0});
  CHECK(diagonal(x, INT64_MIN, 1, 2).shape() == Shape{2, 0});
  CHECK(whole(diag_embed(Tensor::arange(3), 1)) ==
        Whole{0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0});
  for (const int64_t offset : {-2, 0, 1}) {
    const Tensor rows = counted_up({2, 3});
    CHECK(same_bits(diagonal(diag_embed(rows, offset), offset, -2, -1), rows));
    CHECK(same_bits(diagonal(diag_embed(rows, offset, 2, 0), offset, 2, 0), rows));
  }
}

TEST_CASE("scatter_add onto a tensor adds repeated indices up, and leaves the rest") {
  const Tensor x = Tensor::from<double>({10, 20, 30, -0.0}, {2, 2}).set_requires_grad();
  const Tensor src = Tensor::from<double>({1, 2, 3, 4, 5, 6}, {2, 3}).set_requires_grad();
  const Tensor index = Tensor::from<int64_t>({0, 0}, {2, 1});
  const Tensor y = scatter_add(x, 1, index, src);
  CHECK(y.to_vector<double>() == std::vector<double>{11, 20, 34, 0});
  CHECK(std::signbit(y.to_vector<double>()[3]));
  y.backward(Tensor::from<double>({1, 2, 3, 4}, {2, 2}));
  CHECK(x.grad().to_vector<double>() == std::vector<double>{1, 2, 3, 4});
  CHECK(src.grad().to_vector<double>() == std::vector<double>{1, 0, 0, 3, 0, 0});
  CHECK(whole(scatter_add(Tensor::arange(3), 0, Tensor::from<int64_t>({1, 1, 1}),
                          Tensor::arange(3))) == Whole{0, 4, 2});
  constexpr int64_t most = std::numeric_limits<int64_t>::max();
  CHECK(whole(scatter_add(Tensor::from<int64_t>({most}), 0, Tensor::from<int64_t>({0}),
                          Tensor::from<int64_t>({1}))) ==
        Whole{std::numeric_limits<int64_t>::min()});
  const Tensor mask = Tensor::ones({1}, DType::boolean);
  refuses([&] { scatter_add(mask, 0, Tensor::from<int64_t>({0}), mask); },
          "[scatter_add] needs f32, f64 or i64, got bool");
  refuses(
      [&] {
        scatter_add(x, 1, index, Tensor::zeros({2, 1}));
      },
      "[scatter_add] src must have the type f64 of x, got f32");
  refuses(
      [&] {
        scatter_add(x, 1, index, Tensor::zeros({1, 2}, DType::f64));
      },
      "[scatter_add] src must have the rank of the index and extents no smaller: src (1, 2), "
      "index (2, 1)");
  refuses(
      [&] {
        scatter_add(x, 0, Tensor::full({1, 2}, 2, DType::i64), src);
      },
      "[scatter_add] index at position (0, 0) must be 0 to 1, got 2");
}

TEST_CASE("operations on the layout refuse wrong dimensions and numbers") {
  const Tensor x = Tensor::zeros({2, 5}), row = Tensor::zeros({3});
  refuses([&] { split(x, 0); }, "[split] size must be 1 or more, got 0");
  const char* sizes =
      "[split] sizes must be 0 or more with the sum 5, the extent of dimension 1 of (2, 5): ";
  for (const Whole& wrong : {Whole{2, 2}, Whole{6, -1}, Whole{INT64_MAX, INT64_MAX}, Whole{}})
    CHECK_THROWS_WITH_AS(split(x, wrong, 1),
                         fmt::format("{}({})", sizes, fmt::join(wrong, ", ")).c_str(),
                         std::invalid_argument);
  refuses([&] { split(x, 1, 2); }, "[split] dimension 2 is out of range for shape (2, 5)");
  refuses([&] { chunk(x, 0); }, "[chunk] chunks must be 1 or more, got 0");
  refuses([&] { chunk(x, 1, -3); }, "[chunk] dimension -3 is out of range for shape (2, 5)");
  refuses([&] { flip(x, {2}); }, "[flip] dimension 2 is out of range for shape (2, 5)");
  refuses([&] { flip(x, {1, -1}); }, "[flip] dimensions must differ: 1 is listed twice");
  refuses(
      [&] {
        roll(x, {1, 2}, {0});
      },
      "[roll] shifts must have one number for each dimension: (1, 2) for (0)");
  refuses([&] { roll(x, {1}, {2}); }, "[roll] dimension 2 is out of range for shape (2, 5)");
  refuses([&] { repeat(x, {2}); },
          "[repeat] repeats must be 0 or more, at least one for each dimension: (2) of (2, 5)");
  refuses(
      [&] {
        repeat(x, {2, -1});
      },
      "[repeat] repeats must be 0 or more, at least one for each dimension: (2, -1) of (2, 5)");
  refuses([&] { tril(row); }, "[tril] needs matrices (…, n, m), got (3)");
  refuses([&] { triu(row); }, "[triu] needs matrices (…, n, m), got (3)");
  refuses([&] { diagonal(x, 0, 1, -1); },
          "[diagonal] the dimensions must differ, got 1 and -1 of (2, 5)");
  refuses([&] { diagonal(row); }, "[diagonal] dimension 1 is out of range for shape (3)");
  refuses([&] { diag_embed(Tensor::scalar(1)); },
          "[diag_embed] needs at least one dimension, got ()");
  refuses([&] { diag_embed(row, 0, 0, 2); },
          "[diag_embed] the dimensions must be two of -2 to 1, got 0 and 2");
  refuses([&] { diag_embed(row, 0, 1, -1); },
          "[diag_embed] the dimensions must be two of -2 to 1, got 1 and -1");
  refuses([&] { diag_embed(row, INT64_MIN); },
          "[diag_embed] offset must be -2^30 to 2^30, got -9223372036854775808");
}
