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
  Differing result;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const bool a_right = a[i] == targets[i], b_right = b[i] == targets[i];
    if (a_right && !b_right) ++result.only_a;
    if (b_right && !a_right) ++result.only_b;
  }
  return result;
}

// The probability that two equally good models differ at least so much. If they are equally good,
// each of the n = only_a + only_b samples is a throw of a coin. So it is the probability of at most
// min(only_a, only_b) heads in n throws, times 2 for the two sides, and 1 at most. For n = 2000,
// 2ⁿ is too large for a double: std::lgamma(n + 1) is ln n!.
double p_value(int64_t only_a, int64_t only_b) {
  const auto n = static_cast<double>(only_a + only_b);
  double sum = 0;
  for (int64_t i = 0; i <= std::min(only_a, only_b); ++i) {
    const auto heads = static_cast<double>(i);
    const double log_ways =
        std::lgamma(n + 1) - std::lgamma(heads + 1) - std::lgamma(n - heads + 1);
    sum += std::exp(log_ways - n * std::log(2));
  }
  return std::min(1.0, 2 * sum);
}
