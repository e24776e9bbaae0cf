// Exercise 10.1: how fast weight decay shrinks a weight.
#include <gradus.hpp>

namespace gd = gradus;

// The number of steps after which AdamW has halved a weight whose gradient is always 0:
// (1 − lr·λ)ⁿ = ½. For a small lr·λ this is nearly ln 2/(lr·λ).
double steps_to_halve(double lr, double decay) {
  return std::log(0.5) / std::log(1 - lr * decay);
}

// The decay λ with which these steps halve the weight: the same equation for λ.
double decay_to_halve(double lr, double steps) {
  return (1 - std::pow(0.5, 1 / steps)) / lr;
}
