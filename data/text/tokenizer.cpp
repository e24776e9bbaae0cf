#include "data/text/tokenizer.hpp"

#include <algorithm>
#include <set>

#include "core/error.hpp"
#include "core/text/counted.hpp"
#include "core/text/printable.hpp"
#include "core/text/width.hpp"

namespace gradus::data {
namespace {

using Pair = Tokenizer::Pair;

// Texts may be long: the characters aren't listed.
template <class Visit>
void for_each_character(std::string_view text, Visit visit) {
  for (std::size_t size; !text.empty(); text.remove_prefix(size)) {
    size = character_size(text);
    visit(text.substr(0, size));
  }
}

enum class Run { letters, digits, blanks, marks };

Run run_of(char first_byte) {
  const auto byte = static_cast<unsigned char>(first_byte);
  if (byte >= 0x80 || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z'))
    return Run::letters;
  if (byte >= '0' && byte <= '9') return Run::digits;
  return byte == ' ' || (byte >= '\t' && byte <= '\r') ? Run::blanks : Run::marks;
}

// Runs of letters, digits, marks and white space; one blank belongs to the word after it.
std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    std::size_t end = text[0] == ' ' && text.size() > 1 && run_of(text[1]) != Run::blanks;
    const Run run = run_of(text[end]);
    while (end < text.size() && run_of(text[end]) == run) ++end;
    const bool leaves_blank =
        run == Run::blanks && end > 1 && end < text.size() && text[end - 1] == ' ';
    words.push_back(text.substr(0, end - leaves_blank));
    text.remove_prefix(words.back().size());
  }
  return words;
}

// Replaces each occurrence of the pair by `token`, from left to right.
void join(std::vector<int64_t>& tokens, const Pair& pair, int64_t token) {
  std::size_t to = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool is_pair =
        i + 1 < tokens.size() && tokens[i] == pair.left && tokens[i + 1] == pair.right;
    tokens[to++] = is_pair ? token : tokens[i];
    i += is_pair;
  }
  tokens.resize(to);
}

// The words of a text with their numbers, and how often each pair of neighbours occurs.
class PairCounts {
 public:
  void add_word(std::vector<int64_t> tokens, int64_t count) {
    words_.push_back({std::move(tokens), count});
    count_pairs(words_.size() - 1, 1);
  }
  // The most frequent pair, of equal ones the first, and its number.
  std::pair<Pair, int64_t> most_frequent() const {
    std::pair<Pair, int64_t> best;
    for (const auto& [pair, found] : pairs_)
      if (found.count > best.second) best = {pair, found.count};
    return best;
  }
  void replace(const Pair& pair, int64_t token) {
    for (const std::size_t word : std::set<std::size_t>(pairs_.at(pair).words)) {
      count_pairs(word, -1);
      join(words_[word].tokens, pair, token);
      count_pairs(word, 1);
    }
    pairs_.erase(pair);
  }

 private:
  struct Word {
    std::vector<int64_t> tokens;
    int64_t count;
  };
  struct Found {
    int64_t count = 0;
    std::set<std::size_t> words;  // that have the pair, or had it
  };

  void count_pairs(std::size_t word, int64_t sign) {
    const auto& [tokens, count] = words_[word];
    for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
      Found& found = pairs_[{tokens[i], tokens[i + 1]}];
      found.count += sign * count;
      found.words.insert(word);
    }
  }

  std::vector<Word> words_;
  std::map<Pair, Found> pairs_;
};

}  // namespace

Tokenizer::Tokenizer(std::vector<std::string> characters, std::vector<Pair> pairs) {
  require(!characters.empty(), "tokenizer", "at least one character is needed");
  for (std::string& character : characters) {
    const bool is_new = character_tokens_.emplace(character, size()).second;
    require(is_new && width_of(character) == 1, "tokenizer", "{} must be one character, once",
            in_quotes(character));
    texts_.push_back(std::move(character));
    lengths_.push_back(1);
  }
  for (const Pair& pair : pairs) add(pair);
}

Tokenizer Tokenizer::of_characters(std::string_view text) {
  // The order of UTF-8's bytes is that of the code points.
  std::set<std::string_view> different;
  for_each_character(text, [&](std::string_view character) { different.insert(character); });
  return Tokenizer({different.begin(), different.end()}, {});
}

Tokenizer Tokenizer::of_pairs(std::string_view text, std::string_view learned_from,
                              int64_t tokens) {
  Tokenizer result = of_characters(text);
  require(tokens >= result.size(), "tokenizer", "{} need as many tokens, got {}",
          counted(result.size(), "different character"), tokens);
  std::map<std::string_view, int64_t> words;
  for (const std::string_view word : words_of(learned_from)) ++words[word];
  PairCounts counts;
  for (const auto& [word, count] : words) counts.add_word(result.characters_of(word), count);
  while (result.size() < tokens) {
    const auto [pair, count] = counts.most_frequent();
    if (count < 2) break;
    result.add(pair);
    counts.replace(pair, result.size() - 1);
  }
  return result;
}

void Tokenizer::add(const Pair& pair) {
  require(pair.left >= 0 && pair.left < size() && pair.right >= 0 && pair.right < size() &&
              pair_tokens_.emplace(pair, size()).second,
          "tokenizer", "token {} must join two earlier ones as no other does, got {} and {}",
          size(), pair.left, pair.right);
  const auto left = static_cast<std::size_t>(pair.left);
  const auto right = static_cast<std::size_t>(pair.right);
  texts_.push_back(texts_[left] + texts_[right]);
  lengths_.push_back(lengths_[left] + lengths_[right]);
  pairs_.push_back(pair);
}

std::vector<std::string> Tokenizer::characters() const {
  return {texts_.begin(), texts_.end() - std::ssize(pairs_)};
}

std::vector<int64_t> Tokenizer::characters_of(std::string_view text) const {
  std::vector<int64_t> tokens;
  for_each_character(text, [&](std::string_view character) {
    const auto found = character_tokens_.find(character);
    if (found == character_tokens_.end())
      fail("tokenizer", "the character {} doesn't occur in the training text",
           in_quotes(character));
    tokens.push_back(found->second);
  });
  return tokens;
}

std::vector<int64_t> Tokenizer::encode(std::string_view text) const {
  if (pairs_.empty()) return characters_of(text);
  std::map<std::string_view, std::vector<int64_t>> known;
  std::vector<int64_t> tokens;
  for (const std::string_view word : words_of(text)) {
    const auto [place, is_new] = known.try_emplace(word);
    std::vector<int64_t>& joined = place->second;
    if (is_new) joined = characters_of(word);
    // In the order in which the pairs were learned.
    while (is_new) {
      int64_t earliest = size();
      for (std::size_t i = 0; i + 1 < joined.size(); ++i)
        if (const auto found = pair_tokens_.find({joined[i], joined[i + 1]});
            found != pair_tokens_.end())
          earliest = std::min(earliest, found->second);
      if (earliest == size()) break;
      join(joined, pairs_[static_cast<std::size_t>(earliest - size() + std::ssize(pairs_))],
           earliest);
    }
    tokens.insert(tokens.end(), joined.begin(), joined.end());
  }
  return tokens;
}

std::string Tokenizer::decode(std::span<const int64_t> tokens) const {
  std::string text;
  for (const int64_t token : tokens) {
    require(token >= 0 && token < size(), "tokenizer", "tokens must be 0 to {}, got {}", size() - 1,
            token);
    text += texts_[static_cast<std::size_t>(token)];
  }
  return text;
}

}  // namespace gradus::data
