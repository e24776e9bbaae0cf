// parse_network, NetworkItem, NetworkWords: read the text of a network.
#pragma once

#include "core/pair.hpp"

namespace gradus::layers {

/// A layer of a text: "conv 32 3x3 pad 1", or "residual(norm, relu | conv 8 1x1)", whose parts in
/// parentheses are networks.
struct NetworkItem {
  std::string name;                             ///< the first word: "conv"
  std::vector<std::string> words;               ///< the words after the name
  std::vector<std::vector<NetworkItem>> parts;  ///< the networks in parentheses, separated by |
  std::string text;                             ///< the whole text of the item
  std::size_t position = 1;  ///< position of its first character in the whole text

  /// "'conv 32' at character 8".
  std::string place() const { return fmt::format("'{}' at character {}", text, position); }
};

/// Reads layers separated by commas; # starts a comment up to the end of the line. Throws
/// std::invalid_argument, with the place, for unmatched parentheses and missing layers.
std::vector<NetworkItem> parse_network(std::string_view text);

/// "3x3" or "3×3" as height and width, "3" as both; each at least `least`. Throws
/// std::invalid_argument "needs WHAT such as 3x3".
Pair parse_window(const std::string& word, const char* what, int64_t least = 1);

/// The words of an item, read one after the other. All functions throw std::invalid_argument.
class NetworkWords {
 public:
  /// The words of `item`.
  explicit NetworkWords(const NetworkItem& item) : rest_(item.words) {}

  /// Reads the next word: a whole number, 1 or more. `what` completes "needs …".
  int64_t count(const char* what);
  /// Reads the next word by parse_window().
  Pair window(const char* what);
  /// Reads the next word as a number; `default_value` if there is none.
  double number_or(double default_value);
  /// Reads the next word; `default_value` if there is none.
  std::string word_or(const char* default_value);
  /// Reads the word after `name`; empty if `name` isn't there.
  std::string value(std::string_view name);
  /// Reads the whole number after `name`, at least `least`; `default_value` if `name` isn't there.
  int64_t option(std::string_view name, int64_t default_value, int64_t least = 1);
  /// Reads the number after `name`; `default_value` if `name` isn't there.
  double number_after(std::string_view name, double default_value);
  /// Whether `name` is there.
  bool flag(std::string_view name) { return std::erase(rest_, name) > 0; }
  /// Throws for words that were not read.
  void finish() const;

 private:
  std::vector<std::string> rest_;
};

}  // namespace gradus::layers
