// estimate, median: what several values of one quantity say together.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace gradus {

/// The mean of runs that differ in their seed, and their spread.
struct Estimate {
  double mean = 0;  ///< of the runs
  double spread = 0;  ///< the standard deviation of one run, Σ(x − mean)²/(runs − 1) under a root;
                      ///< NaN for a single run
  int64_t runs = 0;  ///< how many there are
};

/// Throws std::invalid_argument for no values.
Estimate estimate(std::span<const double> values);

/// The middle value; of an even number the mean of both in the middle. Throws
/// std::invalid_argument for none.
double median(std::vector<double> values);

/// Whether `a` lies below `b` by more than chance explains: by more than two standard errors of the
/// difference, √(spread_a²/runs_a + spread_b²/runs_b). Never, where one of them is a single run.
bool clearly_below(const Estimate& a, const Estimate& b);

/// "97.25 ± 0.31"; the mean alone for a single run.
std::string to_string(const Estimate& estimate, int decimals);

}  // namespace gradus
