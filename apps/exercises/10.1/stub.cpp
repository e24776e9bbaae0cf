// Exercise 10.1: how fast weight decay shrinks a weight.
#include <gradus.hpp>

namespace gd = gradus;

// The number of steps after which AdamW has halved a weight whose gradient is always 0. (Whole or
// not: the test allows a difference of 1 %, or of 1.)
double steps_to_halve(double lr, double decay) {
  return 0;
}

// The decay λ with which these steps halve the weight.
double decay_to_halve(double lr, double steps) {
  return 0;
}
