// Exercise 15.2: a step of byte pair encoding.
#include <gradus.hpp>

namespace gd = gradus;

using Pair = std::pair<int64_t, int64_t>;

// The pair of neighbours that is most frequent; of several the one that occurs first. There are at
// least two tokens. Neighbours overlap: 7 7 7 has the pair (7, 7) twice.
Pair most_frequent_pair(const std::vector<int64_t>& tokens) {
  std::map<Pair, int> counts;
  for (std::size_t i = 1; i < tokens.size(); ++i) ++counts[{tokens[i - 1], tokens[i]}];
  Pair best{tokens[0], tokens[1]};
  for (std::size_t i = 1; i < tokens.size(); ++i) {
    const Pair pair{tokens[i - 1], tokens[i]};
    if (counts[pair] > counts[best]) best = pair;
  }
  return best;
}

// The tokens with `token` in place of each such pair, from the left: a token is part of one pair.
std::vector<int64_t> merged(const std::vector<int64_t>& tokens, const Pair& pair, int64_t token) {
  std::vector<int64_t> result;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool is_pair =
        i + 1 < tokens.size() && tokens[i] == pair.first && tokens[i + 1] == pair.second;
    result.push_back(is_pair ? token : tokens[i]);
    if (is_pair) ++i;
  }
  return result;
}
