// Exercise 2.2: a centred x makes the curvatures similar and the descent shorter.
#include <gradus.hpp>

namespace gd = gradus;

// x − x̄: the same points, with the mean 0. x: f64 (n).
gd::Tensor centred(const gd::Tensor& x) {
  return x;
}

struct Curvatures {
  double steepest, flattest;
};

// The eigenvalues of the matrix (a c; c d) of the chapter. x: f64 (n).
Curvatures curvatures_of(const gd::Tensor& x) {
  return {};
}

// How many steps gradient descent takes from w = 0, b = 0 until w is within 0.001 of the slope that
// the formula gives; 10,000 if it takes more.
int steps_needed(const gd::Tensor& x, const gd::Tensor& y, double lr) {
  return 0;
}
