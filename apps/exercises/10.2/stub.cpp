// Exercise 10.2: weight decay in Adam and in AdamW.
#include <gradus.hpp>

namespace gd = gradus;

struct Step {
  double lr;
  double decay;     // λ
  double weight;    // θ before the step
  double gradient;  // of the loss, without the penalty
};

// The weight after the first step of Adam, whose gradient is g + λθ.
double after_adam(const Step& step) {
  return step.weight;
}

// The weight after the first step of AdamW, whose decay doesn't pass through the gradient.
double after_adamw(const Step& step) {
  return step.weight;
}
