#include "optim/search/expected_improvement.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace gradus::optim {

double expected_improvement(double mean, double deviation, double best) {
  const double improvement = mean - best;
  if (deviation <= 0) return std::max(0.0, improvement);
  const double z = improvement / deviation;
  const double density = std::exp(-z * z / 2) * std::numbers::inv_sqrtpi / std::numbers::sqrt2;
  const double distribution = std::erfc(-z / std::numbers::sqrt2) / 2;
  return improvement * distribution + deviation * density;
}

}  // namespace gradus::optim
