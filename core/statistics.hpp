// estimate, difference, median: statistics of runs that differ in their seed.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

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

/// A 95 % confidence interval.
struct Interval {
  double low = 0;   ///< lower end
  double high = 0;  ///< upper end
};

/// The t for which a variable of Student's t-distribution is within ±t with a probability of 95 %.
/// `degrees` of freedom: 1 or more, not necessarily whole.
double student_t(double degrees);

/// The 95 % interval of a.mean − b.mean by Student's t, for independent runs of unequal variances
/// (Welch 1947): degrees of freedom by Welch and Satterthwaite. −∞ to ∞ where one is a single run.
Interval difference(const Estimate& a, const Estimate& b);

/// Whether the 95 % interval of a − b lies below 0. Never where one of them is a single run.
bool clearly_below(const Estimate& a, const Estimate& b);

/// "97.25 ± 0.31"; only the mean for a single run.
std::string to_string(const Estimate& estimate, int decimals);

}  // namespace gradus
