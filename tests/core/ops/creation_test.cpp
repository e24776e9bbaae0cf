// creation_test: new tensors, and draws whose frequencies are those of the distributions.
#include "core/ops/creation.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/ops/elementwise.hpp"
#include "core/parallel.hpp"
#include "tests/refuses.hpp"
#include "tests/same_bits.hpp"

using namespace gradus;
using testing::refuses;
using testing::same_bits;

namespace {

using Whole = std::vector<int64_t>;
using Values = std::vector<double>;

// How often each class was drawn. Counts of n draws with probability p are within 4.5 standard
// deviations, √(n·p·(1 − p)), of n·p in all but 7 of 10^6 cases.
void check_frequencies(const std::vector<int64_t>& draws, const Values& probabilities) {
  Values counts(probabilities.size());
  for (const int64_t draw : draws) counts.at(static_cast<std::size_t>(draw)) += 1;
  const double n = static_cast<double>(draws.size());
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const double p = probabilities[i];
    CAPTURE(i);
    CHECK(std::abs(counts[i] - n * p) <= 4.5 * std::sqrt(n * p * (1 - p)));
  }
}

}  // namespace

TEST_CASE("eye has ones where both indices are equal") {
  CHECK(eye(2).to_vector<float>() == std::vector<float>{1, 0, 0, 1});
  CHECK(eye(2, 3, DType::i64).to_vector<int64_t>() == Whole{1, 0, 0, 0, 1, 0});
  CHECK(eye(3, 1, DType::f64).to_vector<double>() == Values{1, 0, 0});
  CHECK(eye(0).shape() == Shape{0, 0});
  CHECK(eye(2, 0).shape() == Shape{2, 0});
  refuses([] { eye(2, -1); }, "[eye] extents must be 0 or more, got 2 and -1");
}

TEST_CASE("linspace has both ends exactly, and the same steps from both sides") {
  CHECK(linspace(0, 1, 5, DType::f64).to_vector<double>() == Values{0, 0.25, 0.5, 0.75, 1});
  CHECK(linspace(3, -1, 3, DType::f64).to_vector<double>() == Values{3, 1, -1});
  CHECK(linspace(2, 5, 1, DType::f64).to_vector<double>() == Values{2});
  CHECK(linspace(2, 5, 0).shape() == Shape{0});
  for (const int64_t n : {7, 8, 50}) {
    const Values x = linspace(0.1, 0.7, n, DType::f64).to_vector<double>();
    CHECK(x.back() == 0.7);
    const Values back = linspace(0.7, 0.1, n, DType::f64).to_vector<double>();
    for (std::size_t i = 0; i < x.size(); ++i)
      if (2 * i + 1 != x.size()) CHECK(x[i] == back[x.size() - 1 - i]);
  }
  CHECK(same_bits(linspace(0.1, 0.7, 9), cast(linspace(0.1, 0.7, 9, DType::f64), DType::f32)));
  refuses([] { linspace(0, 1, -1); },
          "[linspace] the number of elements must be 0 or more, got -1");
  refuses([] { linspace(-1e308, 1e308, 3); },
          "[linspace] both ends and their distance must be finite, got -1e+308 and 1e+308");
  refuses([] { linspace(0, 1, 3, DType::i64); }, "[linspace] needs f32 or f64, got i64");
}

TEST_CASE("arange stops before its end") {
  CHECK(arange(0, 1, 0.25, DType::f64).to_vector<double>() == Values{0, 0.25, 0.5, 0.75});
  CHECK(arange(1, 4).to_vector<float>() == std::vector<float>{1, 2, 3});
  CHECK(arange(5, 0, -2, DType::i64).to_vector<int64_t>() == Whole{5, 3, 1});
  CHECK(arange(3, 3).shape() == Shape{0});
  // Not a sum of steps, whose errors would add up.
  CHECK(arange(0, 1000, 0.1, DType::f64).to_vector<double>()[9999] == 9999 * 0.1);
  const char* step = "[arange] step must lead from start to stop in 2^53 steps or fewer: ";
  for (const auto& [start, stop, by] : {std::tuple(0.0, 1.0, 0.0),
                                        {0.0, 0.5, -1.0},
                                        {0, 1e300, 1},
                                        {0.0, INFINITY, 1.0},
                                        {NAN, 1.0, 1.0}})
    CHECK_THROWS_WITH_AS(arange(start, stop, by),
                         fmt::format("{}start {}, stop {}, step {}", step, start, stop, by).c_str(),
                         std::invalid_argument);
  refuses([] { arange(0, 3, 0.5, DType::i64); },
          "[arange] i64 needs a start and a step that are whole numbers, of at most 2^53: start 0, "
          "stop 3, step 0.5");
}

TEST_CASE("arange of a count has the numbers below it") {
  CHECK(arange(3).to_vector<int64_t>() == Whole{0, 1, 2});
  CHECK(arange(int64_t{2}, DType::f32).to_vector<float>() == std::vector<float>{0, 1});
  CHECK(arange(std::size_t{0}).shape() == Shape{0});
  refuses([] { arange(-1); }, "[shape] extents must be 0 or more, got (-1)");
}

TEST_CASE("a tensor like another has its shape and type") {
  const Tensor x = Tensor::full({2, 3}, 5, DType::f64).set_requires_grad();
  Rng rng(1), same(1);
  CHECK(same_bits(full_like(x, 2), Tensor::full({2, 3}, 2, DType::f64)));
  CHECK(same_bits(zeros_like(x), Tensor::zeros({2, 3}, DType::f64)));
  CHECK(same_bits(ones_like(x), Tensor::ones({2, 3}, DType::f64)));
  CHECK(same_bits(rand_like(x, rng), rand({2, 3}, same, DType::f64)));
  CHECK(same_bits(randn_like(x, rng), randn({2, 3}, same, DType::f64)));
  CHECK(empty_like(x).dtype() == DType::f64);
  CHECK(empty_like(x).shape() == Shape{2, 3});
  CHECK_FALSE(full_like(x, 2).requires_grad());
}

TEST_CASE("randint draws each number as often") {
  Rng rng(8);
  const Tensor x = randint(-2, 3, {100, 500}, rng);
  CHECK(x.shape() == Shape{100, 500});
  Whole shifted = x.to_vector<int64_t>();
  for (int64_t& v : shifted) v += 2;
  check_frequencies(shifted, Values(5, 0.2));
  CHECK(randint(7, 8, {3}, rng).to_vector<int64_t>() == Whole{7, 7, 7});
  CHECK(randint(INT64_MIN, -1, {2}, rng).to_vector<int64_t>()[0] < -1);
  refuses([&] { randint(3, 3, {1}, rng); },
          "[randint] low must be below high, by less than 2^63, got 3 and 3");
  refuses([&] { randint(INT64_MIN, 0, {1}, rng); },
          "[randint] low must be below high, by less than 2^63, got -9223372036854775808 and 0");
}

TEST_CASE("draws with replacement are as frequent as their weights say") {
  Rng rng(9);
  const Tensor weights = Tensor::from<float>({2, 0, 5, 3, 0, 0, 0, 1e-30F, 0, 0}, {2, 5});
  const Tensor draws = multinomial(weights, 40000, rng, true);
  REQUIRE(draws.shape() == Shape{2, 40000});
  const Whole all = draws.to_vector<int64_t>();
  check_frequencies(Whole(all.begin(), all.begin() + 40000), {0.2, 0, 0.5, 0.3, 0});
  CHECK(std::ranges::count(Whole(all.begin() + 40000, all.end()), 2) == 40000);
  // Neither does their sum overflow nor their product with a draw vanish.
  const Tensor large = Tensor::from<double>({1e308, 1e308, 1e308, 1e308});
  check_frequencies(multinomial(large, 40000, rng, true).to_vector<int64_t>(), Values(4, 0.25));
  const Tensor small = Tensor::from<double>({5e-324, 0, 5e-324});
  check_frequencies(multinomial(small, 40000, rng, true).to_vector<int64_t>(), {0.5, 0, 0.5});
}

TEST_CASE("draws without replacement are those of one class after the other") {
  Rng rng(10);
  const int64_t rows = 40000;
  Tensor weights = Tensor::empty({rows, 4}, DType::f64);
  for (int64_t i = 0; i < rows; ++i)
    std::copy_n(Values{1, 0, 3, 4}.begin(), 4, weights.mutable_data<double>() + 4 * i);
  const Whole draws = multinomial(weights, 2, rng).to_vector<int64_t>();
  Whole pairs;
  for (std::size_t i = 0; i < draws.size(); i += 2) pairs.push_back(4 * draws[i] + draws[i + 1]);
  // Of first a, then b: w(a)/8 · w(b)/(8 − w(a)).
  Values probabilities(16);
  const Values w{1, 0, 3, 4};
  for (std::size_t a = 0; a < 4; ++a)
    for (std::size_t b = 0; b < 4; ++b)
      if (a != b) probabilities[4 * a + b] = w[a] / 8 * w[b] / (8 - w[a]);
  check_frequencies(pairs, probabilities);
  Whole all =
      multinomial(Tensor::from<double>({1e-300, 1e300, 5e-324}), 3, rng).to_vector<int64_t>();
  CHECK(all[0] == 1);
  std::ranges::sort(all);
  CHECK(all == Whole{0, 1, 2});
}

TEST_CASE("draws are the same for any number of threads, and refuse what is no weight") {
  const int before = num_threads();
  Rng rng(11), same(11);
  const Tensor weights = Tensor::full({300, 50}, 0.5);
  set_num_threads(1);
  const Tensor first = multinomial(weights, 20, rng);
  set_num_threads(3);
  CHECK(same_bits(first, multinomial(weights, 20, same)));
  set_num_threads(before);
  CHECK(rng.state() == same.state());
  CHECK(multinomial(Tensor::zeros({0, 3}), 2, rng).shape() == Shape{0, 2});
  const auto with = [&](double weight, int64_t n, bool replacement = false) {
    return [&, weight, n, replacement] {
      multinomial(Tensor::from<double>({1, 2, 0, weight}, {2, 2}), n, rng, replacement);
    };
  };
  refuses(with(-1, 1), "[multinomial] weights must be finite and 0 or more: row 1 has -1");
  refuses(with(NAN, 1), "[multinomial] weights must be finite and 0 or more: row 1 has nan");
  refuses(with(INFINITY, 1), "[multinomial] weights must be finite and 0 or more: row 1 has inf");
  refuses(with(0, 1, true), "[multinomial] a weight above 0 is needed: row 1 has none");
  refuses(with(1, 2),
          "[multinomial] 2 draws without replacement need as many weights above 0: row 1 has 1");
  refuses(with(1, 0), "[multinomial] the number of draws must be 1 or more, got 0");
  refuses([&] { multinomial(Tensor::scalar(1), 1, rng); },
          "[multinomial] weights must be (C) or (R, C), got ()");
  refuses(
      [&] {
        multinomial(Tensor::zeros({3, 0}), 1, rng);
      },
      "[multinomial] a weight above 0 is needed: row 0 has none");
  refuses([&] { multinomial(Tensor::arange(3), 1, rng); },
          "[multinomial] needs f32 or f64, got i64");
}
