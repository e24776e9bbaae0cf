// A search for the length of a step.
#pragma once

#include <functional>
#include <vector>

namespace gradus::optim {

/// A function f along a line, at distance `at` from its start.
struct LinePoint {
  double at;                     ///< distance from the start
  double value;                  ///< f
  double slope;                  ///< f's derivative along the line
  std::vector<double> gradient;  ///< f's derivatives by all coordinates
};

/// Options of strong_wolfe().
struct LineSearchOptions {
  double c1 = 1e-4;          ///< of the slope at the start, the part that f has to fall by
  double c2 = 0.9;           ///< of the slope at the start, the part that may remain
  double narrowest = 0;      ///< a bracket that is smaller ends the search
  int max_evaluations = 25;  ///< after which the search ends
};

/// A point that meets the strong Wolfe conditions f(t) ≤ f(0) + c₁·t·f'(0) and |f'(t)| ≤ c₂|f'(0)|,
/// by cubic interpolation from the first guess `t` (Nocedal and Wright 2006, algorithms 3.5
/// and 3.6); where the search ends before, the lowest point that met the first; maybe the start.
/// `start` is at 0 and slopes down.
LinePoint strong_wolfe(const std::function<LinePoint(double at)>& evaluate, const LinePoint& start,
                       double t, const LineSearchOptions& options = {});

}  // namespace gradus::optim
