// Exercise 10.2: weight decay in Adam and in AdamW.
#include <gradus.hpp>

namespace gd = gradus;

struct Step {
  double lr;
  double decay;     // λ
  double weight;    // θ before the step
  double gradient;  // of the loss, without the penalty
};

// Adam's first change: m̂ = g and ŝ = g², so it is lr in the direction of −g.
double first_change(double lr, double g) {
  return -lr * g / (std::abs(g) + 1e-8);
}

// The weight after the first step of Adam, whose gradient is g + λθ. The size of λ cancels.
double after_adam(const Step& step) {
  return step.weight + first_change(step.lr, step.gradient + step.decay * step.weight);
}

// The weight after the first step of AdamW, whose decay doesn't pass through the gradient.
double after_adamw(const Step& step) {
  return (1 - step.lr * step.decay) * step.weight + first_change(step.lr, step.gradient);
}
