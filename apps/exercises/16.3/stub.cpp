// Exercise 16.3: McNemar's test by hand.
#include <gradus.hpp>

namespace gd = gradus;

struct Differing {
  int64_t only_a = 0;  // samples that only the first model has right
  int64_t only_b = 0;  // samples that only the second model has right
};

// Counts the samples on which exactly one of two models is right.
Differing differing(const std::vector<int64_t>& targets, const std::vector<int64_t>& a,
                    const std::vector<int64_t>& b) {
  return {};
}

// The probability that two equally good models differ at least so much. If they are equally good,
// each of the n = only_a + only_b samples is a throw of a coin. So it is the probability of at most
// min(only_a, only_b) heads in n throws, times 2 for the two sides, and 1 at most. For n = 2000,
// 2ⁿ is too large for a double: std::lgamma(n + 1) is ln n!.
double p_value(int64_t only_a, int64_t only_b) {
  return 0;
}
