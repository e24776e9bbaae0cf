// Exercise 1.2: a neuron learns AND, and can't learn exclusive or.
#include <gradus.hpp>

namespace gd = gradus;

struct Neuron {
  double w1, w2, b;
};

// A neuron that computes AND, found by hand: z is 5 for (1, 1), −5 and −15 for the others.
Neuron and_by_hand() {
  return {.w1 = 10, .w2 = 10, .b = -15};
}

struct Learned {
  std::vector<double> answers;  // y for the four inputs
  double loss;                  // the mean cross-entropy
};

// Trains a neuron on the four inputs for 2000 steps with the rate 1, as the chapter's program does.
Learned learn(const gd::Tensor& targets) {
  const gd::Tensor inputs = gd::Tensor::from<double>({0, 0, 0, 1, 1, 0, 1, 1}, {4, 2});
  gd::Tensor w = gd::Tensor::from({0.5, -0.3}).set_requires_grad();
  gd::Tensor bias = gd::Tensor::from({0.1}).set_requires_grad();
  const auto output = [&] { return gd::matmul(inputs, w) + bias; };
  const auto loss = [&] { return gd::binary_cross_entropy_with_logits(output(), targets); };
  for (int step = 0; step < 2000; ++step) {
    w.zero_grad();
    bias.zero_grad();
    loss().backward();
    const gd::NoGrad no_grad;  // the step itself is not differentiated
    w.copy_from(w - 1.0 * w.grad());
    bias.copy_from(bias - 1.0 * bias.grad());
  }
  const gd::NoGrad no_grad;
  return {gd::sigmoid(output()).to_vector<double>(), loss().item()};
}

// b = z00, w₂ = z01 − b, w₁ = z10 − b, and w₁ + w₂ + b is asked for. For exclusive or z01 and z10
// have to be above 0 and z00 below 0: then z11 is above 0, too, and the answer for (1, 1) is wrong.
// The best that the neuron can do is to answer ½ to all, with a loss of ln 2.
double fourth_sum(double z00, double z01, double z10) {
  return z01 + z10 - z00;
}
