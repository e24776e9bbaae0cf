// Exercise 1.2: a neuron learns AND, and can't learn exclusive or.
#include <gradus.hpp>

namespace gd = gradus;

struct Neuron {
  double w1, w2, b;
};

// A neuron that computes AND, found by hand: σ(w₁x₁ + w₂x₂ + b) is above 0.95 for (1, 1) and below
// 0.05 for the other three inputs.
Neuron and_by_hand() {
  return {};
}

struct Learned {
  std::vector<double> answers;  // y for the four inputs
  double loss;                  // the mean cross-entropy
};

// Trains a neuron on the four inputs for 2000 steps with the rate 1, as the chapter's program does.
// targets: f64 (4), the answers for (0, 0), (0, 1), (1, 0), (1, 1).
Learned learn(const gd::Tensor& targets) {
  const gd::Tensor inputs = gd::Tensor::from<double>({0, 0, 0, 1, 1, 0, 1, 1}, {4, 2});
  return {};
}

// Why exclusive or can't be learned: z = w₁x₁ + w₂x₂ + b for three of the inputs fixes that of the
// fourth. z00 is the sum z for (0, 0), z01 for (0, 1), z10 for (1, 0); returns the one for (1, 1).
double fourth_sum(double z00, double z01, double z10) {
  return 0;
}
