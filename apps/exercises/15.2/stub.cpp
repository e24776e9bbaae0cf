// Exercise 15.2: a step of byte pair encoding.
#include <gradus.hpp>

namespace gd = gradus;

using Pair = std::pair<int64_t, int64_t>;

// The pair of neighbours that is most frequent; of several the one that occurs first. There are at
// least two tokens. Neighbours overlap: 7 7 7 has the pair (7, 7) twice.
Pair most_frequent_pair(const std::vector<int64_t>& tokens) {
  return {0, 0};
}

// The tokens with `token` in place of each such pair, from the left: a token is part of one pair.
std::vector<int64_t> merged(const std::vector<int64_t>& tokens, const Pair& pair, int64_t token) {
  return tokens;
}
