// estimate, median: summaries of several values of one quantity.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace gradus {

/// Mean and spread of runs with different seeds.
struct Estimate {
  double mean = 0;  ///< mean of the runs
  double spread = 0;  ///< the standard deviation of one run, Σ(x − mean)²/(runs − 1) under a root;
                      ///< NaN for a single run
  int64_t runs = 0;  ///< number of runs
};

/// The estimate from the runs' values. Throws std::invalid_argument if there are none.
Estimate estimate(std::span<const double> values);

/// The median; for an even number of values, the mean of the two in the middle. Throws
/// std::invalid_argument if there are none.
double median(std::vector<double> values);

/// Whether `a` is significantly below `b`: by more than two standard errors of the difference,
/// √(spread_a²/runs_a + spread_b²/runs_b). Always false for a single run.
bool clearly_below(const Estimate& a, const Estimate& b);

/// "97.25 ± 0.31"; only the mean for a single run.
std::string to_string(const Estimate& estimate, int decimals);

}  // namespace gradus
