// Hint: sort a copy of the scores: the score number `most` from above is the limit. Give the others
// the probability 0. Then add the probabilities up until the sum is above `uniform`. A score of
// 1000 has no exponential: subtract the largest one first, which changes no probability.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

static void check_share(const std::vector<double>& scores, double temperature, std::size_t most,
                        const std::vector<double>& right) {
  std::vector<double> shares(scores.size());
  const int draws = 10'000;
  for (int i = 0; i < draws; ++i) {
    const std::size_t token = next_token(scores, temperature, most, (i + 0.5) / draws);
    exercise::expect(
        token < scores.size(),
        fmt::format("next_token gives {}, there are the tokens 0 to {}", token, scores.size() - 1));
    shares[token] += 1. / draws;
  }
  for (std::size_t i = 0; i < scores.size(); ++i)
    exercise::expect_near(fmt::format("scores {}, temperature {}, {} tokens: the share of token {}",
                                      scores, temperature, most, i),
                          shares[i], right[i], 2e-4);
}

void check() {
  const double e = std::exp(1.0);
  check_share({0, 1}, 1, 2, {1 / (1 + e), e / (1 + e)});
  check_share({0, 1}, 0.5, 2, {1 / (1 + e * e), e * e / (1 + e * e)});
  check_share({2, 0, 1}, 1, 3, {e * e / (e * e + 1 + e), 1 / (e * e + 1 + e), e / (e * e + 1 + e)});
  check_share({2, 0, 1}, 1, 2, {e / (e + 1), 0, 1 / (e + 1)});
  check_share({2, 0, 1}, 5, 1, {1, 0, 0});
  check_share({1000, 999}, 1, 2, {e / (1 + e), 1 / (1 + e)});
  check_share({3}, 1, 1, {1});
  const std::size_t first = next_token({0, 1}, 1, 2, 0), last = next_token({0, 1}, 1, 2, 0.9999);
  exercise::expect(first == 0 && last == 1,
                   fmt::format("scores [0, 1]: next_token is {} for uniform = 0 and {} for 0.9999, "
                               "it should be 0 and 1",
                               first, last));
}
