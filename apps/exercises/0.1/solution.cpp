// Exercise 0.1: standardized columns.
#include <gradus.hpp>

namespace gd = gradus;

// The columns of x (rows, columns) with mean 0 and standard deviation 1: (x − mean)/deviation,
// where the deviation is the root of the mean of (x − mean)². Use no loop.
gd::Tensor standardized(const gd::Tensor& x) {
  const gd::Tensor centred = x - x.mean(0);
  return centred / centred.square().mean(0).sqrt();
}
