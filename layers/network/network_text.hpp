// The text of a network: reading it, before anything is built.
#pragma once

#include "core/pair.hpp"

namespace gradus::layers {

/// A layer of a text: "conv 32 3x3 pad 1", or "residual(norm, relu | conv 8 1x1)", whose parts in
/// parentheses are networks.
struct NetworkItem {
  std::string name;                             ///< the first word: "conv"
  std::vector<std::string> words;               ///< that follow the name
  std::vector<std::vector<NetworkItem>> parts;  ///< the networks in parentheses, separated by |
  std::string text;                             ///< all of it, as it was written
  std::size_t position = 1;                     ///< of its first character in the whole text

  /// "'conv 32' at character 8".
  std::string place() const { return fmt::format("'{}' at character {}", text, position); }
};

/// Layers are separated by commas; a line's rest after # is a comment. Throws
/// std::invalid_argument, with the place, for parentheses that don't match and for layers that are
/// missing.
std::vector<NetworkItem> parse_network(std::string_view text);

/// "3x3" or "3×3" as height and width, "3" as both, from `least` on. Throws std::invalid_argument
/// "needs WHAT such as 3x3".
Pair parse_window(const std::string& word, const char* what, int64_t least = 1);

/// The words of an item, taken one after the other. All throw std::invalid_argument.
class NetworkWords {
 public:
  /// Those of `item`, none of which is taken yet.
  explicit NetworkWords(const NetworkItem& item) : rest_(item.words) {}

  /// The next word: a whole number from 1 on. `what` completes "needs …".
  int64_t count(const char* what);
  /// The next word by parse_window().
  Pair window(const char* what);
  /// The next word as a number; `standard` where there is none.
  double number_or(double standard);
  /// The next word; `standard` where there is none.
  std::string word_or(const char* standard);
  /// The word after `name`; empty where that isn't there.
  std::string value(std::string_view name);
  /// The whole number from `least` on after `name`.
  int64_t option(std::string_view name, int64_t standard, int64_t least = 1);
  /// Whether `name` is there.
  bool flag(std::string_view name) { return std::erase(rest_, name) > 0; }
  /// Throws for words that were not taken.
  void finish() const;

 private:
  std::vector<std::string> rest_;
};

}  // namespace gradus::layers
