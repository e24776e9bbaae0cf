#include "data/transform/preprocessing.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "core/ops/elementwise.hpp"
#include "core/ops/linear.hpp"
#include "core/ops/reduce.hpp"
#include "core/parallel.hpp"
#include "core/random.hpp"
#include "data/dataset.hpp"

using namespace gradus;
using data::Dataset;
using data::Normalization;

namespace {

void check_close(const Tensor& x, const std::vector<double>& wanted, double tolerance = 1e-12) {
  const Tensor y = cast(x, DType::f64);
  REQUIRE(y.numel() == static_cast<int64_t>(wanted.size()));
  for (std::size_t i = 0; i < wanted.size(); ++i)
    CHECK(y.data<double>()[i] == doctest::Approx(wanted[i]).epsilon(tolerance));
}

// Six points whose principal components were computed with NumPy.
Tensor points() {
  return Tensor::from(std::vector<double>{2, 0, 1, 3, 1, 0, 4, -1, 2, 6, 3, 1, 7, 0, 5, 2, -3, 3},
                      {6, 3});
}

Tensor covariance(const Tensor& x) {
  const Tensor centred = x - mean(x, {0});
  return matmul(centred, centred, {.a = true}) / static_cast<double>(x.size(0));
}

// Images of 2×3 pixels, of which one is constant.
Dataset images(int64_t count, uint64_t seed) {
  Rng rng(seed);
  std::vector<uint8_t> bytes;
  for (int64_t i = 0; i < count * 6; ++i)
    bytes.push_back(i % 6 == 4 ? 51 : static_cast<uint8_t>(rng.below(256)));
  return Dataset::of_bytes(bytes, {1, 2, 3}, std::vector<int64_t>(static_cast<std::size_t>(count)),
                           1);
}

Normalization fitted(const char* text, const Tensor& x) {
  return data::fit(text, x);
}

}  // namespace

TEST_CASE("min-max maps the fitted values to 0 … 1 and constant ones to 0") {
  const Tensor x = Tensor::from(std::vector<double>{1, 5, 3, 5, 2, 5}, {3, 2});
  const Normalization scale = data::min_max(x);
  check_close(scale(x), {0, 0, 1, 0, 0.5, 0});
  check_close(scale(Tensor::from(std::vector<double>{5, 5}, {1, 2})), {2, 0});
}

TEST_CASE("z-score only centres constant values") {
  const Tensor x = Tensor::from(std::vector<double>{1, 1e6 + 0.1, 3, 1e6 + 0.1}, {2, 2});
  const Normalization scale = data::z_score(x);
  check_close(scale(x), {-1, 0, 1, 0});
  CHECK(scale.deviation == std::vector<double>{1, 1});
}

TEST_CASE("principal components are NumPy's, the largest variance first") {
  const Normalization components = data::pca(points());
  check_close(components(points()),
              {-1.68037954526, -1.39362553109, 0.483872362274, -0.413586136576, -2.41156536797,
               -0.115321219287, -0.616885769909, 0.547503119452, -0.565413371856, 3.27732734318,
               -1.80521647124, -0.0178599430796, 2.71085145175, 3.25768777961, 0.196862228869,
               -3.27732734318, 1.80521647124, 0.0178599430796},
              1e-9);
  CHECK(components.result_shape({3}) == Shape{3});
}

TEST_CASE("PCA keeps a fraction of the variance or a number of components") {
  // The first has 0.56… of the variance, both together 0.99….
  const auto kept = [](const char* text) { return fitted(text, points()).matrix.size(1); };
  CHECK(kept("pca") == 3);
  CHECK(kept("pca:0.55") == 1);
  CHECK(kept("pca:0.98") == 2);
  CHECK(kept("pca:0.999") == 3);
  CHECK(kept("pca:2") == 2);
  for (const char* text : {"pca-whiten:2/0.1", "pca-whiten:2,0.1", "pca-whiten:eps=0.1,kept=2"}) {
    CHECK(kept(text) == 2);
    CHECK(fitted(text, points()) == fitted("pca-whiten:2/0.1", points()));
  }
  CHECK(fitted("pca-whiten:/0.1", points()) == fitted("pca-whiten:eps=0.1", points()));
}

TEST_CASE("whitened data has the identity as covariance, and ZCA is nearest to the original") {
  Rng rng(1);
  const Tensor mix = Tensor::from(std::vector<double>{2, 1, 0, 0, 1, 0.5, 0, 0, 3}, {3, 3});
  const Tensor x = matmul(randn({200, 3}, rng, DType::f64), mix);
  const std::vector<double> identity{1, 0, 0, 0, 1, 0, 0, 0, 1};
  const Normalization zca = data::zca_whitening(x, {.eps = 1e-14});
  const Normalization whitening = data::pca_whitening(x, {}, {.eps = 1e-14});
  for (const Normalization& normalization : {zca, whitening}) {
    const Tensor deviation = covariance(normalization(x)) - Tensor::from(identity, {3, 3});
    for (const double value : deviation.to_vector<double>()) CHECK(std::abs(value) < 1e-12);
  }
  const std::vector<double> w = zca.matrix.to_vector<double>();
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < i; ++j) CHECK(w[i * 3 + j] == doctest::Approx(w[j * 3 + i]));
}

TEST_CASE("epsilon is added to each variance") {
  const Tensor x = Tensor::from(std::vector<double>{-1, 1, -1, 1}, {4, 1});
  check_close(data::zca_whitening(x, {.eps = 3})(x), {-0.5, 0.5, -0.5, 0.5});
}

TEST_CASE("a preprocessing is fitted only on training data and applied to other data") {
  const Dataset train = images(50, 1), test = images(7, 2);
  for (const char* text : {"min-max", "z-score", "pca:3", "pca-whiten", "zca:0.01"}) {
    CAPTURE(text);
    const Normalization normalization = data::fit(text, train);
    CHECK(normalization == data::fit(text, train.normalized(train.statistics())));
    CHECK_FALSE(normalization == data::fit(text, test));
    const Tensor wanted = normalization(cast(test.raw_batch(0, 7).inputs, DType::f64));
    const Dataset prepared = test.normalized(normalization);
    CHECK(prepared.batch(0, 7).inputs.shape() == wanted.shape());
    CHECK(prepared.sample_shape() == wanted.shape().without(0));
    check_close(prepared.batch(0, 7).inputs, wanted.to_vector<double>(), 1e-3);
  }
  CHECK(data::fit("zca", train).result_shape({1, 2, 3}) == Shape{1, 2, 3});
  CHECK(data::fit("pca:4", train).result_shape({1, 2, 3}) == Shape{4});
}

TEST_CASE("without preprocessing images are from 0 to 1") {
  const Dataset dataset = images(3, 1).normalized(data::fit("none", images(3, 1)));
  CHECK(dataset.batch(0, 1).inputs.to_vector<float>()[4] == doctest::Approx(0.2));
}

TEST_CASE("a preprocessing has the same bits with 1 and 2 threads") {
  Rng rng(5);
  const Tensor x = randn({1500, 60}, rng);
  const auto fit_with = [&](const char* text, int threads) {
    set_num_threads(threads);
    return data::fit(text, x);
  };
  for (const auto& entry : data::preprocessings().entries())
    CHECK(fit_with(entry.name.c_str(), 1) == fit_with(entry.name.c_str(), 2));
}

TEST_CASE("wrong texts of preprocessings are refused") {
  CHECK_THROWS_WITH_AS(fitted("zscored", points()),
                       "unknown preprocessing 'zscored': did you mean z-score?",
                       std::invalid_argument);
  CHECK_THROWS_WITH(fitted("min-max:1", points()),
                    "[min-max] '1' is one argument too many at character 9; it takes no arguments");
  CHECK_THROWS_WITH(fitted("pca:", points()),
                    "[preprocess] an argument of pca is missing at character 5");
  for (const char* text : {"0", "-1", "x", "nan"})
    CHECK_THROWS_WITH(
        fitted(fmt::format("pca:{}", text).c_str(), points()),
        fmt::format("[pca] kept must be positive and finite, got '{}' at character 5", text)
            .c_str());
  for (const char* text : {"2.5", "1e+99"})
    CHECK_THROWS_WITH(fitted(fmt::format("pca:{}", text).c_str(), points()),
                      fmt::format("[preprocess] kept must be a fraction of the variance below 1 or "
                                  "a number of components, got {}",
                                  text)
                          .c_str());
  CHECK_THROWS_WITH(fitted("pca:4", points()),
                    "[pca] components must be 1 to 3, the number of values, got 4");
  for (const char* text : {"zca:0", "zca:-1", "zca:x"})
    CHECK_THROWS_WITH(
        fitted(text, points()),
        fmt::format("[zca] eps must be positive and finite, got '{}' at character 5", text + 4)
            .c_str());
}

TEST_CASE("preprocessing refuses options out of range and samples of other sizes") {
  CHECK_THROWS_WITH(data::pca(points(), {.variance = 1.5}),
                    "[pca] variance must be above 0 and at most 1, got 1.5");
  CHECK_THROWS_WITH(data::zca_whitening(points(), {.eps = 0}),
                    "[whitening] eps must be positive and finite, got 0");
  CHECK_THROWS_WITH(data::min_max(Tensor::zeros({0, 3})),
                    "[samples] samples must be (N, …) with at least one value, got (0, 3)");
  const Normalization components = data::pca(points());
  CHECK_THROWS_WITH(
      components(Tensor::zeros({2, 4})),
      "[normalized] samples of shape (4) need 1 or 4 means and deviations, got 3 and 3");
  Normalization wrong = components;
  wrong.mean = {0};
  wrong.deviation = {1};
  CHECK_THROWS_WITH(
      images(2, 1).normalized(wrong),
      "[normalized] samples of shape (1, 2, 3) need a matrix with 6 rows, got (3, 3)");
}
