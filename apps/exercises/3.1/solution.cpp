// Exercise 3.1: softmax and cross-entropy of scores as large as 1000.
#include <gradus.hpp>

namespace gd = gradus;

// The same number subtracted from all scores of a row changes nothing: e^(z − m) = e^z/e^m, and e^m
// cancels. With the largest score as m no power is above 1.
static gd::Tensor shifted(const gd::Tensor& z) {
  return z - gd::amax(z, {1}, true);
}

// The softmax of each row of the scores z: f32 (N, C).
gd::Tensor probabilities(const gd::Tensor& z) {
  const gd::Tensor powers = gd::exp(shifted(z));
  return powers / gd::sum(powers, {1}, true);
}

// The mean cross-entropy of the scores: −ln p = ln Σₖ e^zₖ − z at the label, so that no logarithm
// of a p that is 0 is needed.
gd::Tensor loss_of(const gd::Tensor& z, const gd::Tensor& labels) {
  const gd::Tensor scores = shifted(z);
  const gd::Tensor at_label = gd::sum(gd::one_hot(labels, z.size(1)) * scores, {1});
  return gd::mean(gd::log(gd::sum(gd::exp(scores), {1})) - at_label);
}

// ∂L/∂z by the formula of the chapter, (N, C). A row of p and a row of t both have the sum 1, so a
// row of the gradient has the sum 0: a step along (1, …, 1) changes nothing.
gd::Tensor gradient_of(const gd::Tensor& z, const gd::Tensor& labels) {
  return (probabilities(z) - gd::one_hot(labels, z.size(1))) / static_cast<double>(z.size(0));
}
