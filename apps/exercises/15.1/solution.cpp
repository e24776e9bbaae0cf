// Exercise 15.1: drawing a token.
#include <gradus.hpp>

namespace gd = gradus;

// A token drawn from softmax(scores/temperature), of the `most` tokens with the highest scores only
// (all different); their probabilities add up to 1 again. `uniform`, 0 or more and below 1, says
// which: the probabilities in the order of the tokens divide the interval from 0 to 1, and it is
// the token in whose part `uniform` lies.
std::size_t next_token(const std::vector<double>& scores, double temperature, std::size_t most,
                       double uniform) {
  std::vector<double> sorted = scores;
  std::sort(sorted.rbegin(), sorted.rend());
  // With the largest score subtracted no exponential overflows.
  std::vector<double> factors;
  double sum = 0;
  for (const double score : scores) {
    const bool counts = score >= sorted[most - 1];
    factors.push_back(counts ? std::exp((score - sorted[0]) / temperature) : 0);
    sum += factors.back();
  }
  std::size_t last = 0;
  double below = 0;
  for (std::size_t i = 0; i < factors.size(); ++i) {
    if (factors[i] == 0) continue;
    last = i;
    below += factors[i] / sum;
    if (uniform < below) break;
  }
  return last;
}
