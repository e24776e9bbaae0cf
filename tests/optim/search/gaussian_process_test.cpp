#include "optim/search/gaussian_process.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>

#include "core/random.hpp"

using namespace gradus;
using namespace gradus::optim;

namespace {

// The reference values are NumPy's and SciPy's for these.
const Observations observations{
    {{0.1, 0.2, 0.0}, {0.4, 0.9, 0.5}, {0.7, 0.3, 1.0}, {0.95, 0.6, 0.25}}, {0.3, -1.2, 0.8, 0.1}};
const std::vector<std::size_t> groups{0, 1, 1};
const Matern kernel{{0.5, 0.8}, 1.7, 0.05};

}  // namespace

TEST_CASE("a Gaussian process has the posterior mean and variance of the reference") {
  const GaussianProcess process(observations, groups, kernel);
  const auto check = [&](const std::vector<double>& point, double mean, double variance) {
    const auto predicted = process.predict(point);
    CHECK(predicted.mean == doctest::Approx(mean).epsilon(1e-12));
    CHECK(predicted.variance == doctest::Approx(variance).epsilon(1e-12));
  };
  check({0.5, 0.5, 0.5}, -0.3094647617624322, 0.35827379721065467);
  check({0.1, 0.2, 0.0}, 0.2759231317134325, 0.0483143295851014);
  check({0.9, 0.0, 1.0}, 0.8452652767501132, 0.6013363069841533);
}

TEST_CASE("a Gaussian process has the likelihood of the reference and its gradient") {
  const GaussianProcess process(observations, groups, kernel);
  CHECK(process.log_marginal_likelihood() == doctest::Approx(-5.66653687684959).epsilon(1e-12));
  const std::vector<double> gradient = process.likelihood_gradient();
  const std::vector<double> expected{0.0037840775, -0.4647956872, -0.7895728013, -0.0099127210};
  REQUIRE(gradient.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i)
    CHECK(gradient[i] == doctest::Approx(expected[i]).epsilon(1e-6));
}

TEST_CASE("one more observation is the same as all at once") {
  Observations fewer = observations;
  fewer.points.pop_back();
  fewer.values.pop_back();
  const GaussianProcess grown =
      GaussianProcess(fewer, groups, kernel).with(observations.points[3], observations.values[3]);
  CHECK(grown.log_marginal_likelihood() ==
        GaussianProcess(observations, groups, kernel).log_marginal_likelihood());
}

TEST_CASE("a fitted kernel is long where the function doesn't change") {
  Rng rng(1);
  Observations wave;
  for (int i = 0; i < 30; ++i) {
    wave.points.push_back({rng.uniform(), rng.uniform()});
    wave.values.push_back(1.4 * std::sin(8 * wave.points.back()[0]));
  }
  const GaussianProcess process = GaussianProcess::fit(wave, {0, 1});
  const Matern& fitted = process.kernel();
  CHECK(fitted.length_scales[0] < 0.6);
  CHECK(fitted.length_scales[1] > 2);
  CHECK(fitted.noise_variance < 1e-3);
  for (const double x : {0.1, 0.35, 0.6, 0.85})
    CHECK(process.predict(std::vector{x, 0.5}).mean ==
          doctest::Approx(1.4 * std::sin(8 * x)).epsilon(0.05));
}

TEST_CASE("a Gaussian process refuses wrong sizes") {
  CHECK_THROWS_WITH(
      GaussianProcess({}, groups, kernel),
      "[gaussian_process] there must be one value per point, and at least one point, got 0 and 0");
  CHECK_THROWS_WITH(GaussianProcess(observations, {0, 0}, kernel),
                    "[gaussian_process] points must have 2 features, got 3");
  CHECK_THROWS_WITH(
      GaussianProcess(observations, {0, 1, 2}, kernel),
      "[gaussian_process] groups must be below the number of length scales, 2, got 2");
  CHECK_THROWS_WITH(GaussianProcess({{{0.}, {0.}}, {0, 0}}, {0}, {{1}, 1, 0}),
                    "[gaussian_process] the covariance matrix must not be singular: noise variance "
                    "0 is too small");
}

TEST_CASE("expected improvement is the integral over the normal distribution") {
  CHECK(expected_improvement(0.3, 0.5, 0.7) == doctest::Approx(0.06010361694738272).epsilon(1e-12));
  CHECK(expected_improvement(1.2, 0.1, 1) == doctest::Approx(0.200849070261682).epsilon(1e-10));
  CHECK(expected_improvement(-2, 1, 1) == doctest::Approx(0.00038215431704772).epsilon(1e-10));
  CHECK(expected_improvement(2, 0, 1.5) == 0.5);
  CHECK(expected_improvement(1, 0, 1.5) == 0);
}
