// Tokenizer: divides text into tokens, the characters or pieces that a language model reads.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::data {

/// Divides text into tokens 0 … size() − 1: characters (Unicode code points), and pieces that are
/// learned by byte-pair encoding (Sennrich et al. 2016), here of characters instead of bytes. A
/// piece lies within one word, which may begin with a blank (as in GPT-2), or within one run of
/// digits, marks or white space.
class Tokenizer {
 public:
  /// A token for each different character of `text`, in the order of their code points. Throws
  /// std::invalid_argument for an empty text.
  static Tokenizer of_characters(std::string_view text);
  /// `tokens` tokens: first the characters of `text`; then again and again the most frequent pair
  /// of neighbouring tokens of `learned_from` becomes a token, of equally frequent ones the first.
  /// There are fewer tokens if no pair occurs twice. Throws std::invalid_argument if there are more
  /// characters.
  static Tokenizer of_pairs(std::string_view text, std::string_view learned_from, int64_t tokens);

  /// A token that joins two earlier ones.
  struct Pair {
    int64_t left = 0;   ///< its first part
    int64_t right = 0;  ///< its second part
    /// By the first part, then the second.
    auto operator<=>(const Pair&) const = default;
  };
  /// The tokenizer with these characters and pairs, as of characters() and pairs(). Throws
  /// std::invalid_argument for a character that stands twice or isn't one, and for a pair of tokens
  /// that don't come before it.
  Tokenizer(std::vector<std::string> characters, std::vector<Pair> pairs);

  /// The number of different tokens.
  int64_t size() const { return static_cast<int64_t>(texts_.size()); }
  /// The text of each token.
  const std::vector<std::string>& texts() const { return texts_; }
  /// The number of characters of each token.
  const std::vector<int64_t>& lengths() const { return lengths_; }
  /// The first tokens, which are single characters.
  std::vector<std::string> characters() const;
  /// The other tokens, in the order in which they were learned.
  const std::vector<Pair>& pairs() const { return pairs_; }

  /// The tokens of `text`. Throws std::invalid_argument for a character that isn't a token.
  std::vector<int64_t> encode(std::string_view text) const;
  /// The text of tokens. Throws std::invalid_argument for a token out of range.
  std::string decode(std::span<const int64_t> tokens) const;

 private:
  std::vector<int64_t> characters_of(std::string_view text) const;
  void add(const Pair& pair);

  std::vector<std::string> texts_;
  std::vector<int64_t> lengths_;
  std::vector<Pair> pairs_;
  std::map<std::string, int64_t, std::less<>> character_tokens_;
  std::map<Pair, int64_t> pair_tokens_;
};

}  // namespace gradus::data
