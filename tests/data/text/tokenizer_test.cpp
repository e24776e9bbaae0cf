#include "data/text/tokenizer.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

using gradus::data::Tokenizer;
using Numbers = std::vector<int64_t>;

TEST_CASE("a tokenizer of characters has one token for each, in the order of code points") {
  const Tokenizer tokenizer = Tokenizer::of_characters("bä€a𝄞a");
  CHECK(tokenizer.texts() == std::vector<std::string>{"a", "b", "ä", "€", "𝄞"});
  CHECK(tokenizer.encode("a€𝄞") == Numbers{0, 3, 4});
  CHECK(tokenizer.decode(Numbers{4, 1, 2}) == "𝄞bä");
  CHECK(tokenizer.encode("").empty());
  CHECK(tokenizer.lengths() == Numbers{1, 1, 1, 1, 1});
}

TEST_CASE("byte pairs are learned as Sennrich et al. do: the most frequent pair first") {
  // "low" occurs 5 times, "lower" twice: lo, low, then no other pair is as frequent as "er".
  const std::string text = "low low low low low lower lower newest";
  const Tokenizer tokenizer = Tokenizer::of_pairs(text, text, 13);
  const std::vector<std::string> learned(tokenizer.texts().begin() + 9, tokenizer.texts().end());
  CHECK(tokenizer.characters() ==
        std::vector<std::string>{" ", "e", "l", "n", "o", "r", "s", "t", "w"});
  CHECK(learned == std::vector<std::string>{"lo", "low", " low", "er"});
  CHECK(tokenizer.encode("low lower") == Numbers{10, 11, 12});
  CHECK(tokenizer.decode(tokenizer.encode(text)) == text);
  CHECK(tokenizer.lengths().back() == 2);
  CHECK(tokenizer.lengths()[11] == 4);
}

TEST_CASE(
    "of equally frequent pairs the first becomes a token, and equal letters join from the left") {
  const Tokenizer tokenizer = Tokenizer::of_pairs("aaab aaab", "aaab aaab", 4);
  CHECK(tokenizer.texts().back() == "aa");
  CHECK(tokenizer.encode("aaab") == Numbers{3, 1, 2});
}

TEST_CASE("pieces lie within words, runs of digits, marks or white space") {
  const std::string text = "ab12 ab12 ab12!! !!  x  x";
  const Tokenizer tokenizer = Tokenizer::of_pairs(text, text, 100);
  for (const std::string& piece : tokenizer.texts()) {
    CAPTURE(piece);
    CHECK(piece.find("b1") == std::string::npos);
    CHECK(piece.find("2!") == std::string::npos);
    CHECK(piece.find("! ") == std::string::npos);
  }
  CHECK(tokenizer.decode(tokenizer.encode(text)) == text);
}

TEST_CASE("learning ends where no pair occurs twice") {
  CHECK(Tokenizer::of_pairs("abcd", "abcd", 50).size() == 4);
  CHECK(Tokenizer::of_pairs("abab", "abab", 50).size() == 3);
}

TEST_CASE("a tokenizer is built again from its characters and pairs") {
  const std::string text = "the cat and the hat and the bat";
  const Tokenizer made = Tokenizer::of_pairs(text, text, 20);
  const Tokenizer again(made.characters(), made.pairs());
  CHECK(again.texts() == made.texts());
  CHECK(again.encode(text) == made.encode(text));
}

TEST_CASE("errors of tokenizers are exact") {
  CHECK_THROWS_WITH_AS(Tokenizer::of_characters(""), "[tokenizer] at least one character is needed",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(Tokenizer::of_characters("ab").encode("aé"),
                       "[tokenizer] the character 'é' doesn't occur in the training text",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(Tokenizer::of_characters("ab").decode(Numbers{0, 2}),
                       "[tokenizer] tokens must be 0 to 1, got 2", std::invalid_argument);
  CHECK_THROWS_WITH_AS(Tokenizer::of_pairs("abc", "abc", 2),
                       "[tokenizer] 3 different characters need as many tokens, got 2",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(Tokenizer({"a", "a"}, {}), "[tokenizer] 'a' must be one character, once",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(Tokenizer({"ab"}, {}), "[tokenizer] 'ab' must be one character, once",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(
      Tokenizer({"a", "b"}, {{0, 2}}),
      "[tokenizer] token 2 must join two earlier ones as no other does, got 0 and 2",
      std::invalid_argument);
}
