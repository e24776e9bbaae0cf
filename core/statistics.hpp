// estimate, difference, median: statistics of runs that differ in their seed; wilson_interval,
// mcnemar_p_value, bootstrap: of samples.
#pragma once

#include <functional>

#include "core/random.hpp"

namespace gradus {

/// The mean and the standard deviation of runs that differ in their seed.
struct Estimate {
  double mean = 0;  ///< of the runs
  double spread = 0;  ///< standard deviation of one run, √(Σ(x − mean)²/(runs − 1)); NaN for one
  int64_t runs = 0;  ///< number of runs
};

/// The estimate from the runs' values. Throws std::invalid_argument if there are none.
Estimate estimate(std::span<const double> values);

/// The median; for an even number of values, the mean of the two in the middle. Throws
/// std::invalid_argument if there are none.
double median(std::vector<double> values);

/// A confidence interval: of 95 % unless a function has another confidence.
struct Interval {
  double low = 0;   ///< lower end
  double high = 0;  ///< upper end
};

/// The t for which a variable of Student's t-distribution is within ±t with a probability of 95 %.
/// `degrees` of freedom: 1 or more, not necessarily whole.
double student_t(double degrees);

/// The 95 % interval of the mean of `a`, mean ± t·spread/√runs with Student's t; −∞ to ∞ for a
/// single run.
Interval interval_of_mean(const Estimate& a);

/// The 95 % interval of a.mean − b.mean by Student's t, for independent runs of unequal variances
/// (Welch 1947): degrees of freedom by Welch and Satterthwaite. −∞ to ∞ where one is a single run.
Interval difference(const Estimate& a, const Estimate& b);

/// Whether the 95 % interval of a − b lies below 0. Never where one of them is a single run.
bool clearly_below(const Estimate& a, const Estimate& b);

/// "97.25 ± 0.31"; only the mean for a single run.
std::string to_string(const Estimate& estimate, int decimals);

/// "0.9123 to 0.9571".
std::string to_string(const Interval& interval, int decimals);

/// The score interval of a proportion (Wilson 1927), from `successes` of `trials` independent ones:
///
///     (s + z²/2 ± z·√(s·(n − s)/n + z²/4)) / (n + z²)
///
/// with the normal distribution's two-sided quantile z, 1.959964 for 95 %. It is within 0 … 1, and
/// right near 0 and 1, where p ± z·√(p(1−p)/n) isn't. Throws std::invalid_argument unless there is
/// a trial, successes are 0 … trials, and confidence is between 0 and 1.
Interval wilson_interval(int64_t successes, int64_t trials, double confidence = 0.95);

/// The exact two-sided p-value of McNemar's test (1947) for two models on the same samples:
/// `only_a` samples only the one has right, `only_b` only the other. With n = only_a + only_b it is
/// min(1, 2·P(X ≤ min(only_a, only_b))), X binomial with n and ½: the probability of a difference
/// at least that large between equally good models. 1 where they never differ. It takes √n steps
/// and doesn't overflow; below 1e-300 it may be 0. Throws std::invalid_argument unless both counts
/// are 0 … 2⁴⁰.
double mcnemar_p_value(int64_t only_a, int64_t only_b);

/// Draws as many of `samples` samples, with replacement, `draws` times (Efron 1979). For each draw
/// it calls visit(draw, counts): counts[i] is how often sample i was drawn, and their sum is
/// `samples`; with `weights`, one for each sample, it is that number times the sample's weight.
/// Draw number i uses rng.fork(i): it is the same for any number of threads. Several threads call
/// `visit` at the same time. Throws std::invalid_argument unless samples are 1 … 2³¹ − 1, draws 1
/// or more, and weights none or as many as samples.
void bootstrap(int64_t samples, int64_t draws, const Rng& rng,
               const std::function<void(int64_t draw, std::span<const double> counts)>& visit,
               std::span<const double> weights = {});

/// The interval that contains the middle `confidence` of `values`: the quantiles (1 ∓
/// confidence)/2, interpolated between neighbours. They are those of the mid-distribution (Ma,
/// Genton and Parzen 2011), in which half of the values that are equal to x count as below x:
/// differences of accuracies are multiples of 1/N, and many are 0. NaN are left out; both ends are
/// NaN if nothing remains. Throws std::invalid_argument unless confidence is between 0 and 1.
Interval percentile_interval(std::vector<double> values, double confidence = 0.95);

/// The percentile_interval() of `statistic` over the draws of bootstrap() (Efron 1979). Draws for
/// which the statistic is NaN, since it is undefined, are left out. Throws like bootstrap().
Interval bootstrap_interval(int64_t samples,
                            const std::function<double(std::span<const double> counts)>& statistic,
                            const Rng& rng, int64_t draws = 1000, double confidence = 0.95);

}  // namespace gradus
