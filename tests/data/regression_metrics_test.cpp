#include "data/regression_metrics.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace gradus;
using namespace gradus::data;

TEST_CASE("mae, rmse and r2 of a few numbers") {
  const Tensor target = Tensor::from({1.0, 2.0, 3.0, 4.0});
  const Tensor prediction = Tensor::from({1.f, 2.f, 3.f, 2.f});
  CHECK(mae(target, prediction) == 0.5);
  CHECK(rmse(target, prediction) == 1);
  CHECK(r2(target, prediction) == doctest::Approx(0.2));
  CHECK(r2(target, target) == 1);
  CHECK(r2(target, Tensor::full({4}, 2.5)) == 0);
  CHECK(r2(target, Tensor::full({4}, 10)) < 0);
  // Far from 0, where a difference of sums of squares would be rounded away.
  const Tensor far = Tensor::from({1e9 + 1, 1e9 + 2, 1e9 + 3, 1e9 + 4});
  CHECK(r2(far, Tensor::from({1e9 + 1, 1e9 + 2, 1e9 + 3, 1e9 + 2})) == doctest::Approx(0.2));
}

TEST_CASE("errors of several numbers of each sample") {
  const Tensor target = Tensor::from<double>({1, 10, 2, 20, 3, 30}, {3, 2});
  const Tensor prediction = Tensor::from<double>({1, 10, 2, 20, 3, 24}, {3, 2});
  CHECK(mae(target, prediction) == doctest::Approx(1));
  CHECK(rmse(target, prediction) == doctest::Approx(std::sqrt(6)));
  CHECK(r2(target, prediction) == doctest::Approx((1 + (1 - 36.0 / 200)) / 2));
}

TEST_CASE("r2 is NaN where all targets are equal") {
  // The rounded mean of three times 0.1 isn't 0.1.
  const Tensor equal = Tensor::full({3}, 0.1, DType::f64);
  CHECK(std::isnan(r2(equal, equal)));
  CHECK(std::isnan(r2(equal, Tensor::zeros({3}))));
  CHECK(std::isnan(r2(Tensor::from({2.0}), Tensor::from({2.0}))));
  CHECK(mae(Tensor::from({2.0}), Tensor::from({3.0})) == 1);
  CHECK(std::isnan(
      r2(Tensor::from<double>({1, 5, 2, 5}, {2, 2}), Tensor::from<double>({1, 5, 2, 5}, {2, 2}))));
  const ResampledMetric metric =
      resampled::r2(Tensor::from({1.0, 1.0, 2.0}), Tensor::from({1.0, 1.0, 1.0}));
  CHECK(std::isnan(metric(std::vector<double>{1, 2, 0})));
  CHECK(metric(std::vector<double>{1, 0, 1}) == -1);
}

TEST_CASE("a resampled error is that of the repeated samples") {
  const Tensor target = Tensor::from({1.0, 4.0, 2.0}), prediction = Tensor::from({3.0, 9.0, 2.0});
  const std::vector<double> counts{2, 0, 1}, nothing(3);
  const Tensor drawn = Tensor::from({1.0, 1.0, 2.0}), predicted = Tensor::from({3.0, 3.0, 2.0});
  CHECK(resampled::mae(target, prediction)(counts) == mae(drawn, predicted));
  CHECK(resampled::rmse(target, prediction)(counts) == rmse(drawn, predicted));
  CHECK(resampled::r2(target, prediction)(counts) == doctest::Approx(r2(drawn, predicted)));
  for (const auto metric : {resampled::mae, resampled::rmse, resampled::r2})
    CHECK(std::isnan(metric(target, prediction)(nothing)));
}

TEST_CASE("NaN and infinite numbers give NaN and infinite errors") {
  const Tensor target = Tensor::from({1.0, 2.0}), nan = Tensor::from<double>({NAN, 2});
  for (const auto metric : {mae, rmse, r2}) {
    CHECK(std::isnan(metric(target, nan)));
    CHECK(std::isnan(metric(nan, target)));
  }
  const Tensor infinite = Tensor::from<double>({INFINITY, 2});
  CHECK(mae(target, infinite) == INFINITY);
  CHECK(rmse(target, infinite) == INFINITY);
  CHECK(r2(target, infinite) == -INFINITY);
  CHECK(resampled::mae(target, infinite)(std::vector<double>{0, 2}) == 0);
}

TEST_CASE("errors of numbers report wrong shapes and types") {
  const Tensor target = Tensor::from({1.0, 2.0});
  CHECK_THROWS_WITH(rmse(target, Tensor::zeros({2, 1})),
                    "[rmse] target and prediction must be f32 or f64 of one shape (N) or (N, D), "
                    "got f64 (2) and f32 (2, 1)");
  CHECK_THROWS_WITH(mae(Tensor::from<int64_t>({1, 2}), target),
                    "[mae] target and prediction must be f32 or f64 of one shape (N) or (N, D), "
                    "got i64 (2) and f64 (2)");
  CHECK_THROWS_WITH(r2(Tensor::scalar(1), Tensor::scalar(1)),
                    "[r2] target and prediction must be f32 or f64 of one shape (N) or (N, D), got "
                    "f32 () and f32 ()");
  CHECK_THROWS_WITH(r2(Tensor::zeros({0, 2}), Tensor::zeros({0, 2})),
                    "[r2] at least one sample is needed, got (0, 2)");
}

TEST_CASE("weighted errors have scikit-learn's values for sample_weight") {
  const Tensor target = Tensor::from({1.0, 4.0, 2.0, -1.0});
  const Tensor prediction = Tensor::from({1.5, 3.0, 2.0, 1.0});
  const std::vector<double> weights{1, 0.5, 3, 0.25};
  CHECK(resampled::rmse(target, prediction)(weights) == doctest::Approx(0.6069769786668839));
  CHECK(resampled::mae(target, prediction)(weights) == doctest::Approx(0.3157894736842105));
  CHECK(resampled::r2(target, prediction)(weights) == doctest::Approx(0.658974358974359));
}
