#include "core/ops/masks.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "core/autograd.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"

using namespace gradus;

namespace {

constexpr double no_number = std::numeric_limits<double>::quiet_NaN();
constexpr double unbounded = std::numeric_limits<double>::infinity();
constexpr int64_t most = std::numeric_limits<int64_t>::max();
constexpr int64_t least = std::numeric_limits<int64_t>::min();

using Bools = std::vector<bool>;

Bools bools(const Tensor& mask) {
  return mask.to_vector<bool>();
}

template <class T>
Tensor of(std::initializer_list<T> values) {
  return Tensor::from(values);
}

}  // namespace

TEST_CASE("comparisons of numbers give masks, and NaN is unequal to everything") {
  const Tensor a = of({1.0, 2.0, 3.0, no_number, unbounded}),
               b = of({2.0, 2.0, 2.0, no_number, unbounded});
  CHECK((a == b).dtype() == DType::boolean);
  CHECK(bools(a == b) == Bools{false, true, false, false, true});
  CHECK(bools(a != b) == Bools{true, false, true, true, false});
  CHECK(bools(a < b) == Bools{true, false, false, false, false});
  CHECK(bools(a <= b) == Bools{true, true, false, false, true});
  CHECK(bools(a > b) == Bools{false, false, true, false, false});
  CHECK(bools(a >= b) == Bools{false, true, true, false, true});
  CHECK(bools(2 < a) == bools(a > 2));
  CHECK(bools(2 >= a) == bools(a <= 2));
  CHECK(bools(2 != a) == bools(a != 2));
  CHECK(bools(of({most, least}) > of({most - 1, least})) == Bools{true, false});
  CHECK(bools(of({0.1f}) == 0.1) == Bools{true});
  CHECK(bools(of({true, false}) == of({true, true})) == Bools{true, false});
  CHECK((reshape(Tensor::arange(3), {3, 1}) < Tensor::arange(2)).shape() == Shape{3, 2});
  CHECK((Tensor::empty({0, 2}) < Tensor::empty({2})).shape() == Shape{0, 2});
  CHECK_FALSE((of({1.0}).set_requires_grad() > 0).requires_grad());
}

TEST_CASE("wrong operands of comparisons and masks are errors in words") {
  const Tensor x = of({1.0, 2.0}), i = Tensor::arange(2), mask = x > 1;
  CHECK_THROWS_WITH(void(x == i), "[eq] both operands must have the same type, got f64 and i64");
  CHECK_THROWS_WITH(void(mask < mask), "[lt] needs f32, f64 or i64, got bool");
  CHECK_THROWS_WITH(void(i > 0.5),
                    "[gt] a constant for an i64 tensor must be a whole number up to 2^53, got 0.5");
  CHECK_THROWS_WITH(void(mask == 2), "[eq] a constant for a bool tensor must be 0 or 1, got 2");
  CHECK_THROWS_WITH(x & x, "[logical_and] needs bool, got f64");
  CHECK_THROWS_WITH(!i, "[logical_not] needs bool, got i64");
  CHECK_THROWS_WITH(where(i, x, x), "[where] the mask must be bool, as of x > 0, got i64");
  CHECK_THROWS_WITH(masked_fill(x, Tensor::ones({3, 2}, DType::boolean), 0),
                    "[masked_fill] the mask must broadcast to x: mask (3, 2), x (2)");
  CHECK_THROWS_WITH(any(x), "[any] needs bool, got f64: compare, as in x != 0");
  CHECK_THROWS_WITH(x + Tensor::ones({2}, DType::boolean),
                    "[add] both operands must have the same type, got f64 and bool");
  CHECK_THROWS_WITH(mask + mask, "[add] needs f32, f64 or i64, got bool");
  CHECK_THROWS_WITH(exp(i), "[exp] needs f32 or f64, got i64");
}

TEST_CASE("masks are combined, counted and reduced") {
  const Tensor a = of({true, true, false, false}), b = of({true, false, true, false});
  CHECK(bools(a & b) == Bools{true, false, false, false});
  CHECK(bools(a | b) == Bools{true, true, true, false});
  CHECK(bools(a ^ b) == Bools{false, true, true, false});
  CHECK(bools(!a) == Bools{false, false, true, true});
  CHECK(sum(a).item() == 2);
  CHECK(sum(a).dtype() == DType::i64);
  const Tensor table = reshape(of({true, true, false, true, false, false}), {2, 3});
  CHECK(bools(any(table, {1})) == Bools{true, true});
  CHECK(bools(all(table, {0})) == Bools{true, false, false});
  CHECK(any(table, {0}, true).shape() == Shape{1, 3});
  CHECK(any(table).item() == 1);
  CHECK(all(table).item() == 0);
  const Tensor none = Tensor::empty({0, 2}, DType::boolean);
  CHECK(any(none).item() == 0);
  CHECK(all(none).item() == 1);
  CHECK(bools(all(none, {0})) == Bools{true, true});
  CHECK(nonzero(table).to_vector<int64_t>() == std::vector<int64_t>{0, 0, 0, 1, 1, 0});
  CHECK(nonzero(none).shape() == Shape{0, 2});
}

TEST_CASE("NaN and infinities are found") {
  const Tensor x = of({1.f, float(no_number), float(unbounded), -float(unbounded)});
  CHECK(bools(isnan(x)) == Bools{false, true, false, false});
  CHECK(bools(isinf(x)) == Bools{false, false, true, true});
  CHECK(bools(isfinite(x)) == Bools{true, false, false, false});
  CHECK(bools(isfinite(Tensor::arange(2))) == Bools{true, true});
  CHECK(bools(isnan(Tensor::arange(2))) == Bools{false, false});
}

TEST_CASE("allclose compares by both tolerances, equal without any") {
  const Tensor a = of({1.0, 100.0, unbounded});
  CHECK(allclose(a, of({1.0 + 1e-9, 100.0009, unbounded})));
  CHECK_FALSE(allclose(a, of({1.0, 100.002, unbounded})));
  CHECK_FALSE(allclose(a, of({1.0, 100.0, -unbounded})));
  CHECK_FALSE(allclose(a, of({1.0, unbounded, unbounded})));
  CHECK(allclose(a, of({1.0, 101.0, unbounded}), {.rtol = 0.01}));
  CHECK_FALSE(allclose(of({no_number}), of({no_number})));
  CHECK(allclose(of({no_number}), of({no_number}), {.equal_nan = true}));
  CHECK(allclose(Tensor::arange(3), Tensor::arange(3)));
  CHECK(allclose(Tensor::empty({0}), Tensor::empty({0})));
  CHECK(equal(a, a));
  CHECK_FALSE(equal(of({no_number}), of({no_number})));
  CHECK_FALSE(equal(Tensor::arange(2), Tensor::arange(3)));
  CHECK_FALSE(equal(Tensor::arange(2), Tensor::arange(2, DType::f32)));
}

TEST_CASE("a mask chooses elements of tensors of any type") {
  const Tensor x = reshape(Tensor::arange(6), {2, 3});
  CHECK(masked_select(x, x > 3).to_vector<int64_t>() == std::vector<int64_t>{4, 5});
  CHECK(masked_select(x, of({true, false, false})).to_vector<int64_t>() ==
        std::vector<int64_t>{0, 3});
  CHECK(masked_select(x, x > 9).shape() == Shape{0});
  CHECK(masked_fill(x, x < 2, -1).to_vector<int64_t>() == std::vector<int64_t>{-1, -1, 2, 3, 4, 5});
  CHECK(where(x > 2, x, 7).to_vector<int64_t>() == std::vector<int64_t>{7, 7, 7, 3, 4, 5});
  CHECK(bools(where(of({true, false}), of({false, false}), of({true, true}))) ==
        Bools{false, true});
  const Tensor leaf = of({1.0, 2.0, 3.0}).set_requires_grad();
  sum(square(masked_select(leaf, leaf > 1))).backward();
  CHECK(leaf.grad().to_vector<double>() == std::vector<double>{0, 4, 6});
}

TEST_CASE("whole numbers are added, multiplied and compared, and results wrap around") {
  const Tensor a = of({most, int64_t{-3}}), b = of({int64_t{1}, int64_t{5}});
  using Whole = std::vector<int64_t>;
  CHECK((a + b).to_vector<int64_t>() == Whole{least, 2});
  CHECK((a - b).to_vector<int64_t>() == Whole{most - 1, -8});
  CHECK((a * b).to_vector<int64_t>() == Whole{most, -15});
  CHECK((-b).to_vector<int64_t>() == Whole{-1, -5});
  CHECK((b * -2 + 1).to_vector<int64_t>() == Whole{-1, -9});
  CHECK((3 - b).to_vector<int64_t>() == Whole{2, -2});
  CHECK(maximum(a, b).to_vector<int64_t>() == Whole{most, 5});
  CHECK(minimum(a, b).to_vector<int64_t>() == Whole{1, -3});
  CHECK(sum(of({most, int64_t{2}})).to_vector<int64_t>() == Whole{least + 1});
  CHECK(cumsum(of({most, int64_t{1}, int64_t{1}}), 0).to_vector<int64_t>() ==
        Whole{most, least, least + 1});
  const Tensor table = Tensor::from<int64_t>({4, -7, 2, 9, 0, 2}).alias({2, 3});
  CHECK(sum(table, {0}).to_vector<int64_t>() == Whole{13, -7, 4});
  CHECK(sum(table, {1}).to_vector<int64_t>() == Whole{-1, 11});
  CHECK(amax(table, {1}).to_vector<int64_t>() == Whole{4, 9});
  CHECK(amin(table, {0}).to_vector<int64_t>() == Whole{4, -7, 2});
  CHECK(amin(of({least, most})).to_vector<int64_t>() == Whole{least});
  CHECK(argmax(table, 1).to_vector<int64_t>() == Whole{0, 0});
  CHECK(argmin(table, 0).to_vector<int64_t>() == Whole{0, 0, 0});
  CHECK_THROWS_WITH(
      b * 0.5, "[mul] a constant for an i64 tensor must be a whole number up to 2^53, got 0.5");
  CHECK_THROWS_WITH(b / 2, "[div] needs f32 or f64, got i64");
  CHECK_THROWS_WITH(b / b, "[div] needs f32 or f64, got i64");
  CHECK_THROWS_WITH(mean(b), "[mean] needs f32 or f64, got i64");
  CHECK_THROWS_WITH(mean(b > 1), "[mean] needs f32 or f64, got bool");
}

TEST_CASE("errors of amin and argmin have their names") {
  CHECK_THROWS_WITH(amin(Tensor::empty({0})), "[amin] at least one element is needed, got (0)");
  CHECK_THROWS_WITH(argmin(Tensor::empty({2, 0}), 1),
                    "[argmin] at least one element is needed, got (2, 0)");
  CHECK_THROWS_WITH(argmin(Tensor::ones({2}, DType::boolean), 0),
                    "[argmin] needs f32, f64 or i64, got bool");
}

TEST_CASE("cast converts between all types and refuses numbers that have no i64") {
  const Tensor x = of({-1.5, 0.0, 2.9});
  CHECK(cast(x, DType::i64).to_vector<int64_t>() == std::vector<int64_t>{-1, 0, 2});
  CHECK(bools(cast(x, DType::boolean)) == Bools{true, false, true});
  CHECK(cast(x > 0, DType::f32).to_vector<float>() == std::vector<float>{0, 0, 1});
  CHECK(cast(x > 0, DType::i64).to_vector<int64_t>() == std::vector<int64_t>{0, 0, 1});
  CHECK(cast(Tensor::arange(2), DType::f64).to_vector<double>() == std::vector<double>{0, 1});
  CHECK(cast(of({-9223372036854775808.0}), DType::i64).item() == -9223372036854775808.0);
  CHECK_THROWS_WITH(cast(of({no_number}), DType::i64), "[cast] no i64 is nan");
  CHECK_THROWS_WITH(cast(of({9223372036854775808.0}), DType::i64),
                    "[cast] no i64 is 9.223372036854776e+18");
  CHECK_THROWS_WITH(cast(of({-1e30f}), DType::i64), "[cast] no i64 is -1e+30");
  CHECK_FALSE(cast(of({1.0}).set_requires_grad(), DType::i64).requires_grad());
}
