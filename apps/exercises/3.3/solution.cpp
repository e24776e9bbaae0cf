// Exercise 3.3: ten times the scores, the same answers, another loss.
#include <gradus.hpp>

namespace gd = gradus;

struct Measured {
  double accuracy;  // 0 … 1
  double loss;      // the mean cross-entropy
};

// The accuracy and the loss if all scores are multiplied by `factor`. The largest score stays the
// largest, so the answers are the same. But p is closer to 0 and 1: wrong answers cost more.
Measured measure(const gd::Tensor& scores, const gd::Tensor& labels, double factor) {
  return {gd::accuracy(factor * scores, labels), gd::cross_entropy(factor * scores, labels).item()};
}

// The factor between 0.1 and 10 that gives the smallest loss. (1/factor is called a temperature:
// Guo et al. 2017.)
double best_factor(const gd::Tensor& scores, const gd::Tensor& labels) {
  double best = 0.1;
  for (double factor = 0.1; factor <= 10; factor *= 1.02)
    if (measure(scores, labels, factor).loss < measure(scores, labels, best).loss) best = factor;
  return best;
}
