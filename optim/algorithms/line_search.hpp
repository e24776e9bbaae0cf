// strong_wolfe: a line search for the length of a step.
#pragma once

#include <functional>
#include <vector>

namespace gradus::optim {

/// A function f along a line, at distance `at` from its start.
struct LinePoint {
  double at = 0;                      ///< distance from the start
  double value = 0;                   ///< f
  double slope = 0;                   ///< f's derivative along the line
  std::vector<double> gradient = {};  ///< f's derivatives with respect to all coordinates
};

/// Options of strong_wolfe().
struct LineSearchOptions {
  double c1 = 1e-4;          ///< c₁: sufficient decrease
  double c2 = 0.9;           ///< c₂: largest remaining fraction of the initial slope
  double narrowest = 0;      ///< the search ends if the bracket is smaller
  int max_evaluations = 25;  ///< maximal number of evaluations
};

/// A point that meets the strong Wolfe conditions f(t) ≤ f(0) + c₁·t·f'(0) and |f'(t)| ≤ c₂|f'(0)|,
/// by cubic interpolation from the first guess `t` (Nocedal and Wright 2006, algorithms 3.5
/// and 3.6); if the search ends earlier, the lowest point that meets the first condition, which may
/// be the start. `start` must be at 0 and have a negative slope.
LinePoint strong_wolfe(const std::function<LinePoint(double at)>& evaluate, const LinePoint& start,
                       double t, const LineSearchOptions& options = {});

}  // namespace gradus::optim
