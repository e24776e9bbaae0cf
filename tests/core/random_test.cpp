#include "core/random.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>

#include "core/parallel.hpp"

using namespace gradus;

namespace {

std::vector<float> filled(int64_t n, const std::function<void(Rng&, Tensor&)>& fill) {
  Rng rng(5);
  Tensor x = Tensor::empty({n});
  fill(rng, x);
  return x.to_vector<float>();
}

double mean(const std::vector<float>& values) {
  double sum = 0;
  for (const float v : values) sum += v;
  return sum / static_cast<double>(values.size());
}

}  // namespace

TEST_CASE("The generator is Philox 4×32-10") {
  // The known answers that come with Salmon et al. 2011 (Random123, kat_vectors).
  CHECK(Rng(Rng::State{0, 0, 0}).bits() == 0xe169c58d6627e8d5);
  CHECK(Rng(Rng::State{UINT64_MAX, UINT64_MAX, UINT64_MAX}).bits() == 0x41c83b0e408f276d);
  CHECK(Rng(Rng::State{0x299f31d0a4093822, 0x0370734413198a2e, 0x85a308d3243f6a88}).bits() ==
        0x94fdccebd16cfe09);
}

TEST_CASE("A generator continues from its state, and its forks have numbers of their own") {
  Rng rng(7);
  rng.bits();
  Rng copy(rng.state());
  CHECK(copy.bits() == rng.bits());
  Rng first = rng.fork(1), again = rng.fork(1), second = rng.fork(2);
  CHECK(first.state() == again.state());
  CHECK(first.bits() != second.bits());
  CHECK(rng.state().position == 2);
}

TEST_CASE("Tensors are filled with the same values by any number of threads") {
  const int before = num_threads();
  constexpr int64_t n = 100'003;
  const std::function<void(Rng&, Tensor&)> fills[] = {
      [](Rng& rng, Tensor& x) { rng.fill_uniform(x, -1, 3); },
      [](Rng& rng, Tensor& x) { rng.fill_normal(x, 1, 2); },
      [](Rng& rng, Tensor& x) { rng.fill_bernoulli(x, 0.3); }};
  const double means[] = {1, 1, 0.3};
  // Four deviations of the mean of so many.
  const double bounds[] = {4 * 4 / std::sqrt(12.0 * n), 4 * 2 / std::sqrt(1.0 * n),
                           4 * std::sqrt(0.3 * 0.7 / n)};
  for (int i = 0; i < 3; ++i) {
    set_num_threads(1);
    const std::vector<float> values = filled(n, fills[i]);
    set_num_threads(3);
    CHECK(filled(n, fills[i]) == values);
    CHECK(std::abs(mean(values) - means[i]) < bounds[i]);
  }
  set_num_threads(before);
}

TEST_CASE("Uniform values never reach the upper end, where rounding would") {
  Rng rng(1);
  for (const DType dtype : {DType::f32, DType::f64})
    for (const auto& [low, high] : {std::pair(3., 4.), {1e6, 1e6 + 1}, {-1e-3, 0.}}) {
      Tensor x = Tensor::empty({100'000}, dtype);
      rng.fill_uniform(x, low, high);
      for (const double value : cast(x, DType::f64).to_vector<double>()) {
        REQUIRE(value >= low);
        REQUIRE(value < high);
      }
    }
}

TEST_CASE("fill_bernoulli draws four elements a counter, in f32 as in f64") {
  Rng rng(3), other(3);
  Tensor x = Tensor::empty({10}), y = Tensor::empty({10}, DType::f64);
  rng.fill_bernoulli(x, 0.5);
  other.fill_bernoulli(y, 0.5);
  CHECK(rng.state().position == 3);
  for (int64_t i = 0; i < 10; ++i) {
    // The words of a block, lowest first; the third and fourth don't show in bits().
    if (i % 4 < 2) {
      const uint64_t bits = Rng(Rng::State{3, 0, static_cast<uint64_t>(i / 4)}).bits();
      CHECK(x.data<float>()[i] == ((bits >> 32 * (i % 4) & UINT32_MAX) < 0x80000000));
    }
    CHECK(x.data<float>()[i] == y.data<double>()[i]);
  }
  rng.fill_bernoulli(x, 1);
  CHECK(x.to_vector<float>() == std::vector<float>(10, 1));
  for (const double wrong : {0.0, -0.5, 1.5, std::nan("")})
    CHECK_THROWS_WITH_AS(
        rng.fill_bernoulli(x, wrong),
        fmt::format("[fill_bernoulli] probability must be above 0 and at most 1, got {}", wrong)
            .c_str(),
        std::invalid_argument);
}

TEST_CASE("a permutation has 0 elements or more, and not more than any memory") {
  Rng rng(1);
  CHECK(rng.permutation(0).empty());
  CHECK_THROWS_WITH_AS(rng.permutation(-1), "[permutation] n must be 0 to 2^40, got -1",
                       std::invalid_argument);
  CHECK_THROWS_WITH(rng.permutation(int64_t{1} << 50),
                    "[permutation] n must be 0 to 2^40, got 1125899906842624");
}
