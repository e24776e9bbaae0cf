#include "core/statistics.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <numeric>

#include "core/parallel.hpp"

using namespace gradus;

TEST_CASE("the median is the middle value, or the mean of both in the middle") {
  CHECK(median({3, 1, 2}) == 2);
  CHECK(median({4, 1, 3, 2}) == 2.5);
  CHECK(median({7}) == 7);
  CHECK_THROWS_WITH(median({}), "[median] at least one value is needed");
}

TEST_CASE("student_t is the two-sided 95 % quantile of scipy") {
  const std::pair<double, double> quantiles[] = {
      {1, 12.706204736174694},    {1.5, 6.016663104427929},  {2, 4.302652729749462},
      {3, 3.1824463052837078},    {4, 2.7764451051977934},   {4.5, 2.6589123472044034},
      {7, 2.364624251592784},     {10, 2.228138851986274},   {15, 2.131449545559776},
      {29.3, 2.044320421500141},  {100, 1.9839715185235518}, {1000, 1.9623390808264083},
      {1001, 1.9623367052808798}, {1e6, 1.959966356814107}};
  for (const auto& quantile : quantiles) {
    const double degrees = quantile.first;
    CAPTURE(degrees);
    CHECK(student_t(degrees) ==
          doctest::Approx(quantile.second).epsilon(degrees > 1000 ? 1e-9 : 1e-5));
  }
  CHECK_THROWS_WITH(student_t(0.5), "[student_t] degrees must be 1 or more, got 0.5");
}

TEST_CASE("The interval of a difference is Welch's") {
  const Interval interval = difference({10, 3, 9}, {13, 4, 16});
  CHECK(interval.low == doctest::Approx(-3 - 2.08041 * std::sqrt(2)).epsilon(1e-4));
  CHECK(interval.high == doctest::Approx(-3 + 2.08041 * std::sqrt(2)).epsilon(1e-4));
  // Of pairs: n − 1 degrees of freedom.
  CHECK(difference({5, 2, 4}, {0, 0, 4}).high == doctest::Approx(5 + 3.18245).epsilon(1e-5));
  CHECK(difference({5, 0, 3}, {3, 0, 3}).low == 2);  // equal runs leave no doubt
  CHECK(std::isinf(difference({5, NAN, 1}, {3, 1, 3}).high));
}

TEST_CASE("wilson_interval is the tables', and within 0 and 1") {
  const auto check = [](const Interval& interval, double low, double high) {
    CHECK(interval.low == doctest::Approx(low).epsilon(1e-9));
    CHECK(interval.high == doctest::Approx(high).epsilon(1e-9));
  };
  check(wilson_interval(8, 10), 0.4901624715366417, 0.9433178485456246);
  check(wilson_interval(8, 10, 0.99), 0.4008186965216717, 0.9598688474953835);
  check(wilson_interval(50, 100, 0.5), 0.46635196422237973, 0.5336480357776203);
  CHECK(wilson_interval(0, 10).low == 0);
  CHECK(wilson_interval(0, 10).high == doctest::Approx(0.2775327998628892));
  CHECK(wilson_interval(10, 10).low == doctest::Approx(1 - 0.2775327998628892));
  CHECK(wilson_interval(10, 10).high == 1);
  CHECK(wilson_interval(1, 1).low == doctest::Approx(0.2065493143772375));
  for (const int64_t trials : {int64_t{1}, int64_t{7}, int64_t{1'000'000'007}})
    for (const int64_t successes : {int64_t{0}, int64_t{1}, trials / 2, trials - 1, trials}) {
      const Interval interval = wilson_interval(successes, trials);
      CHECK(interval.low >= 0);
      CHECK(interval.low < interval.high);
      CHECK(interval.high <= 1);
    }
  CHECK_THROWS_WITH(wilson_interval(0, 0), "[wilson_interval] trials must be 1 or more, got 0");
  CHECK_THROWS_WITH(wilson_interval(3, 2), "[wilson_interval] successes must be 0 to 2, got 3");
  CHECK_THROWS_WITH(wilson_interval(-1, 2), "[wilson_interval] successes must be 0 to 2, got -1");
  CHECK_THROWS_WITH(wilson_interval(1, 2, 1),
                    "[wilson_interval] confidence must be above 0 and below 1, got 1");
  CHECK_THROWS_WITH(wilson_interval(1, 2, NAN),
                    "[wilson_interval] confidence must be above 0 and below 1, got nan");
}

TEST_CASE("mcnemar_p_value is exact, for large counts too") {
  CHECK(mcnemar_p_value(0, 0) == 1);
  CHECK(mcnemar_p_value(0, 1) == 1);
  CHECK(mcnemar_p_value(5, 5) == 1);
  CHECK(mcnemar_p_value(5, 6) == 1);
  CHECK(mcnemar_p_value(0, 5) == doctest::Approx(0.0625).epsilon(1e-12));
  CHECK(mcnemar_p_value(7, 3) == doctest::Approx(0.34375).epsilon(1e-12));
  // From whole numbers of any size.
  CHECK(mcnemar_p_value(10100, 9800) == doctest::Approx(0.034040990688418975).epsilon(1e-10));
  CHECK(mcnemar_p_value(24500, 25500) == doctest::Approx(7.902628543393206e-06).epsilon(1e-10));
  CHECK(mcnemar_p_value(0, 1000) > 0);
  CHECK(mcnemar_p_value(0, 100'000) == 0);
  CHECK(mcnemar_p_value(1'000'000'000, 1'000'000'000) == 1);
  CHECK_THROWS_WITH(mcnemar_p_value(-1, 2),
                    "[mcnemar_p_value] counts must be 0 to 2^40, got -1 and 2");
}

TEST_CASE("bootstrap draws as many samples as there are, the same for any number of threads") {
  const auto draws = [](int threads) {
    set_num_threads(threads);
    std::vector<std::vector<double>> result(20);
    bootstrap(50, 20, Rng(3), [&](int64_t draw, std::span<const double> counts) {
      result[static_cast<std::size_t>(draw)].assign(counts.begin(), counts.end());
    });
    return result;
  };
  const int before = num_threads();
  const std::vector<std::vector<double>> one = draws(1), two = draws(2);
  set_num_threads(before);
  CHECK(one == two);
  for (const std::vector<double>& counts : one)
    CHECK(std::accumulate(counts.begin(), counts.end(), 0.0) == 50);
  CHECK(one[0] != one[1]);
  // The number of the draw alone decides what is drawn.
  bootstrap(50, 3, Rng(3), [&](int64_t draw, std::span<const double> counts) {
    CHECK(std::ranges::equal(counts, one[static_cast<std::size_t>(draw)]));
  });

  const auto nothing = [](int64_t, std::span<const double>) {};
  CHECK_THROWS_WITH(bootstrap(0, 1, Rng(1), nothing),
                    "[bootstrap] samples must be 1 to 2147483647, got 0");
  CHECK_THROWS_WITH(bootstrap(1, 0, Rng(1), nothing), "[bootstrap] draws must be 1 or more, got 0");

  // The same draws, times the samples' weights.
  std::vector<double> weights(50);
  for (std::size_t i = 0; i < 50; ++i) weights[i] = static_cast<double>(i) / 8;
  bootstrap(
      50, 3, Rng(3),
      [&](int64_t draw, std::span<const double> counts) {
        for (std::size_t i = 0; i < 50; ++i)
          CHECK(counts[i] == weights[i] * one[static_cast<std::size_t>(draw)][i]);
      },
      weights);
  CHECK_THROWS_WITH(bootstrap(2, 1, Rng(1), nothing, weights),
                    "[bootstrap] weights must be one for each of 2 samples, got 50");
}

TEST_CASE("each sample is drawn equally often") {
  std::vector<double> sums(7);
  std::mutex mutex;
  bootstrap(7, 20000, Rng(1), [&](int64_t, std::span<const double> counts) {
    const std::lock_guard lock(mutex);
    for (std::size_t i = 0; i < 7; ++i) sums[i] += counts[i];
  });
  for (const double sum : sums) CHECK(std::abs(sum - 20000) < 4 * std::sqrt(20000 * 6 / 7.0));
}

TEST_CASE("percentile_interval interpolates, leaves out NaN and accepts infinities") {
  std::vector<double> values;
  for (int i = 100; i >= 0; --i) values.push_back(i);
  CHECK(percentile_interval(values).low == doctest::Approx(2.025));
  CHECK(percentile_interval(values).high == doctest::Approx(97.975));
  CHECK(percentile_interval(values, 0.5).low == doctest::Approx(24.75));
  CHECK(percentile_interval({1, 2, 3}).low == 1);
  CHECK(percentile_interval({1, 2, 3}).high == 3);
  CHECK(percentile_interval({NAN, 4, NAN}).low == 4);
  CHECK(percentile_interval({NAN, 4, NAN}).high == 4);
  CHECK(std::isnan(percentile_interval({NAN}).low));
  CHECK(std::isnan(percentile_interval({}).high));
  CHECK(percentile_interval({1, INFINITY}).high == INFINITY);
  CHECK(percentile_interval({-INFINITY, 1}).low == -INFINITY);
  CHECK(percentile_interval({INFINITY, INFINITY}).low == INFINITY);
  CHECK_THROWS_WITH(percentile_interval({1}, 0),
                    "[percentile_interval] confidence must be above 0 and below 1, got 0");
}

TEST_CASE("of equal values, percentile_interval counts half as below") {
  // Of 1,000 values 10 are −1, and from 20 to 40 are 0: the lower end is 0 for 30.
  const auto low = [](std::size_t zeros) {
    std::vector<double> values(10, -1);
    values.resize(10 + zeros, 0);
    values.resize(1000, 1);
    return percentile_interval(values).low;
  };
  CHECK(low(20) == doctest::Approx(5.0 / 495));
  CHECK(std::abs(low(30)) < 1e-12);
  CHECK(low(40) == doctest::Approx(-1.0 / 5));
}

TEST_CASE("bootstrap_interval leaves out draws for which the statistic is undefined") {
  // Of two samples, draws have 0, 1 or 2 times the first.
  const auto first = [](std::span<const double> counts) {
    return counts[0] == 0 ? NAN : static_cast<double>(counts[0]);
  };
  const Interval interval = bootstrap_interval(2, first, Rng(1));
  CHECK(interval.low == 1);
  CHECK(interval.high == 2);
  const auto never = [](std::span<const double>) { return NAN; };
  CHECK(std::isnan(bootstrap_interval(2, never, Rng(1)).low));
}
