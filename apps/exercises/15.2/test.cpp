// Hint: a std::map from pairs to numbers counts them. Then go through the text once more: the first
// pair whose count is larger than that of the best so far replaces it. In merged, a pair that was
// found moves on by two tokens.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

static void check_pair(const std::vector<int64_t>& tokens, const Pair& right) {
  const Pair got = most_frequent_pair(tokens);
  exercise::expect(got == right, fmt::format("most_frequent_pair({}) is {}, it should be {}",
                                             tokens, got, right));
}

static void check_merged(const std::vector<int64_t>& tokens, const Pair& pair,
                         const std::vector<int64_t>& right) {
  const std::vector<int64_t> got = merged(tokens, pair, 100);
  exercise::expect(got == right, fmt::format("merged({}, {}, 100) is {}, it should be {}", tokens,
                                             pair, got, right));
}

void check() {
  check_pair({5, 6}, {5, 6});
  check_pair({1, 2, 3, 1, 2}, {1, 2});
  check_pair({9, 1, 2, 3, 1, 2}, {1, 2});
  check_pair({3, 4, 1, 2}, {3, 4});
  check_pair({8, 7, 7, 7}, {7, 7});
  check_merged({}, {1, 2}, {});
  check_merged({1}, {1, 2}, {1});
  check_merged({1, 2, 3, 1, 2}, {1, 2}, {100, 3, 100});
  check_merged({2, 1, 1, 2, 1}, {1, 2}, {2, 1, 100, 1});
  check_merged({7, 7, 7, 7, 7}, {7, 7}, {100, 100, 7});

  // Four steps on a text, as a tokenizer takes them.
  std::vector<int64_t> tokens;
  for (const char c : std::string("the cat that the dog sees hears the cats"))
    tokens.push_back(static_cast<unsigned char>(c));
  fmt::print("{} tokens", tokens.size());
  for (int64_t token = 256; token < 260; ++token) {
    tokens = merged(tokens, most_frequent_pair(tokens), token);
    fmt::print(", {}", tokens.size());
  }
  fmt::print(" after each step\n");
  exercise::expect(
      tokens.size() == 27,
      fmt::format("after four steps the text has {} tokens, it should have 27", tokens.size()));
}
