// Exercise 0.2: the distances of all points to all others.
#include <gradus.hpp>

namespace gd = gradus;

// The distance of each point of a (n, 2) to each point of b (m, 2), as (n, m). Use no loop.
gd::Tensor distances(const gd::Tensor& a, const gd::Tensor& b) {
  const gd::Tensor differences = a.unsqueeze(1) - b;  // (n, 1, 2) - (m, 2) = (n, m, 2)
  return differences.square().sum(2).sqrt();
}
