// einsum_test: equations against the sums that they stand for, and what is wrong with them.
#include "core/ops/einsum.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <map>

#include "core/ops/elementwise.hpp"
#include "core/ops/linear.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "core/random.hpp"
#include "tests/refuses.hpp"
#include "tests/same_bits.hpp"

using namespace gradus;
using testing::refuses;
using testing::same_bits;

namespace {

// The definition: for each value of all letters, the product of the operands' elements is added to
// the result's.
Tensor by_definition(const std::vector<std::string>& letters, const std::string& result,
                     const Tensors& operands) {
  std::map<char, int64_t> extents;
  for (std::size_t i = 0; i < operands.size(); ++i)
    for (std::size_t dim = 0; dim < letters[i].size(); ++dim) {
      int64_t& extent = extents.try_emplace(letters[i][dim], 1).first->second;
      extent = std::max(extent, operands[i].size(static_cast<int>(dim)));
    }
  std::map<char, int64_t> at;
  const auto offset = [&](const std::string& names, const Shape& shape) {
    int64_t position = 0;
    for (std::size_t dim = 0; dim < names.size(); ++dim) {
      const int64_t extent = shape[static_cast<int>(dim)];
      position = position * extent + (extent == 1 ? 0 : at[names[dim]]);
    }
    return position;
  };
  Shape shape;
  for (const char letter : result) shape = shape.inserted(shape.rank(), extents[letter]);
  Tensor y = Tensor::zeros(shape, DType::f64);
  double* sums = y.mutable_data<double>();
  int64_t count = 1;
  for (const auto& [letter, extent] : extents) count *= extent;
  for (int64_t i = 0; i < count; ++i) {
    int64_t rest = i;
    for (const auto& [letter, extent] : extents) {
      at[letter] = rest % extent;
      rest /= extent;
    }
    double product = 1;
    for (std::size_t j = 0; j < operands.size(); ++j)
      product *= operands[j].data<double>()[offset(letters[j], operands[j].shape())];
    sums[offset(result, shape)] += product;
  }
  return y;
}

void check_equation(const std::vector<std::string>& letters, const std::string& result,
                    const std::vector<Shape>& shapes) {
  std::string equation;
  for (const std::string& part : letters) equation += (equation.empty() ? "" : ",") + part;
  equation += "->" + result;
  CAPTURE(equation);
  Rng rng(3);
  Tensors operands;
  for (const Shape& shape : shapes) operands.push_back(randn(shape, rng, DType::f64));
  const Tensor got = einsum(equation, operands), wanted = by_definition(letters, result, operands);
  REQUIRE(got.shape() == wanted.shape());
  const std::vector<double> a = got.to_vector<double>(), b = wanted.to_vector<double>();
  for (std::size_t i = 0; i < a.size(); ++i) CHECK(std::abs(a[i] - b[i]) < 1e-12);
}

}  // namespace

TEST_CASE("einsum computes the sums of its definition") {
  check_equation({"ij", "jk"}, "ik", {{2, 3}, {3, 4}});
  check_equation({"ij", "kj"}, "ki", {{2, 3}, {4, 3}});
  check_equation({"ji", "jk"}, "ik", {{3, 2}, {3, 4}});
  check_equation({"aibj", "jcbi"}, "cab", {{2, 3, 4, 5}, {5, 2, 4, 3}});
  check_equation({"ij", "ij"}, "i", {{2, 3}, {2, 3}});
  check_equation({"ij", "ij"}, "ji", {{2, 3}, {2, 3}});
  check_equation({"ij", "kl"}, "", {{2, 3}, {4, 2}});
  check_equation({"iij", "jj"}, "ij", {{2, 2, 3}, {3, 3}});
  check_equation({"iiji"}, "ji", {{3, 3, 2, 3}});
  check_equation({"i", "ij", "j"}, "", {{3}, {3, 4}, {4}});
  check_equation({"ab", "bc", "cd", "da"}, "ac", {{2, 3}, {3, 4}, {4, 5}, {5, 2}});
  check_equation({"ab", "", "b"}, "ba", {{2, 3}, {}, {3}});
}

TEST_CASE("extents of 1 broadcast, in any operand") {
  check_equation({"ij", "jk"}, "ik", {{2, 1}, {3, 4}});
  check_equation({"ij", "jk"}, "ijk", {{2, 3}, {1, 4}});
  check_equation({"i", "i", "i"}, "", {{1}, {1}, {3}});
  check_equation({"ia", "ib", "ic"}, "abc", {{1, 2}, {3, 2}, {1, 2}});
  check_equation({"i", "i"}, "i", {{1}, {1}});
}

TEST_CASE("points stand for the dimensions without letters, aligned at the last") {
  Rng rng(4);
  const Tensor a = randn({2, 1, 3, 4}, rng, DType::f64), b = randn({5, 4, 2}, rng, DType::f64);
  CHECK(same_bits(einsum("...ij,...jk->...ik", {a, b}), matmul(a, b)));
  CHECK(same_bits(einsum("...ij,...jk", {a, b}), matmul(a, b)));
  CHECK(same_bits(einsum("i...->...i", {a}), permute(a, {1, 2, 3, 0})));
  CHECK(einsum("Ba,b...->...bBa", {Tensor::zeros({2, 3}), Tensor::zeros({4, 5, 6})}).shape() ==
        Shape{5, 6, 4, 2, 3});
  // As in PyTorch, dimensions that the result has no points for are summed over.
  CHECK(same_bits(einsum("ij...->ij", {a}), sum(a, {2, 3})));
  CHECK(einsum("...->...", {Tensor::scalar(3)}).item() == 3);
}

TEST_CASE("without an arrow the letters that occur once are in alphabetical order") {
  const Tensor x = reshape(Tensor::arange(6, DType::f64), {2, 3});
  CHECK(same_bits(einsum("ba", {x}), transpose(x, 0, 1)));
  CHECK(einsum("bC...,a", {Tensor::zeros({2, 3, 7}), Tensor::zeros({4})}).shape() ==
        Shape{7, 3, 4, 2});
  CHECK(einsum("ii", {Tensor::ones({3, 3})}).item() == 3);
  CHECK(same_bits(einsum(" i j , j -> i ", {x, Tensor::ones({3}, DType::f64)}), sum(x, {1})));
}

TEST_CASE("outer multiplies each pair") {
  CHECK(outer(Tensor::from({1.0, 2.0}), Tensor::from({3.0, 4.0, 5.0})).to_vector<double>() ==
        std::vector<double>{3, 4, 5, 6, 8, 10});
  CHECK(outer(Tensor::zeros({0}), Tensor::zeros({3})).shape() == Shape{0, 3});
  refuses(
      [] {
        outer(Tensor::zeros({2, 1}), Tensor::zeros({3}));
      },
      "[outer] needs two vectors, got (2, 1) and (3)");
}

TEST_CASE("the error of an equation has the place or the letter") {
  const Tensor x = Tensor::zeros({2, 3}), y = Tensor::zeros({4, 3});
  refuses(
      [&] {
        einsum("i1,jk->ik", {x, y});
      },
      "[einsum] unexpected '1' at character 2 of 'i1,jk->ik'");
  refuses(
      [&] {
        einsum("ij,jk->ik,", {x, y});
      },
      "[einsum] unexpected ',' at character 10 of 'ij,jk->ik,'");
  refuses([&] { einsum("ij->i->j", {x}); }, "[einsum] unexpected '-' at character 6 of 'ij->i->j'");
  refuses([&] { einsum("ij..", {x}); }, "[einsum] unexpected '.' at character 3 of 'ij..'");
  refuses([&] { einsum("...i...", {x}); }, "[einsum] a second '...' at character 5 of '...i...'");
  refuses([&] { einsum("ij->ijj", {x}); },
          "[einsum] the result has 'j' twice, at character 7 of 'ij->ijj'");
  refuses([&] { einsum("ij,jk", {x}); }, "[einsum] 'ij,jk' is for 2 operands, got 1");
  refuses([&] { einsum("ijk", {x}); },
          "[einsum] operand 0 of 'ijk' must have 3 dimensions, got shape (2, 3)");
  refuses(
      [&] {
        einsum("ij,...ijk", {x, y});
      },
      "[einsum] operand 1 of 'ij,...ijk' must have 3 dimensions or more, got shape (4, 3)");
  refuses([&] { einsum("ij->ik", {x}); },
          "[einsum] the result of 'ij->ik' has 'k', but no operand has it");
  refuses(
      [&] {
        einsum("ij,jk", {x, y});
      },
      "[einsum] the extents of 'j' in 'ij,jk' must be equal or 1, got 3 and 4");
  refuses(
      [&] {
        einsum("...,...", {x, y});
      },
      "[einsum] the extents of '...' in '...,...' must be equal or 1, got 2 and 4");
  refuses(
      [&] {
        einsum("ii", {Tensor::zeros({1, 3})});
      },
      "[einsum] the extents of 'i' in one operand of 'ii' must be equal, got 1 and 3");
  refuses(
      [&] {
        einsum("ij,ij", {x, Tensor::zeros({2, 3}, DType::f64)});
      },
      "[einsum] all operands must have the same type, f32 or f64, got f32 and f64");
  refuses([&] { einsum("i", {Tensor::arange(3)}); },
          "[einsum] all operands must have the same type, f32 or f64, got i64 and i64");
  const Tensor five = Tensor::zeros({1, 1, 1, 1, 1});
  refuses(
      [&] {
        einsum("abcde,fghij->abcdefghij", {five, five});
      },
      "[einsum] 'abcde,fghij->abcdefghij' needs an intermediate result of 10 dimensions, more "
      "than 8");
}
