#include "layers/network/network_text.hpp"

#include "core/text/range.hpp"

namespace gradus::layers {
namespace {

template <class... Args>
[[noreturn]] void wrong(fmt::format_string<Args...> message, Args&&... args) {
  throw std::invalid_argument(
      printable(fmt::format(message, std::forward<Args>(args)...), longest_message));
}

// Reads a word as a number in that range; errors begin with `before`.
template <class Number>
Number read(std::string_view word, const Range& range, std::string_view before) {
  const auto number = parse_number<Number>(word);
  if (!number || !range.holds(static_cast<double>(*number)))
    wrong("{} {}, got '{}'", before, range.text(), word);
  return *number;
}

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

// Maximal depth of parentheses: more than anyone needs, and few enough for the stack.
constexpr int deepest = 100;

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(without_comments(text)) {}

  std::vector<NetworkItem> all() {
    std::vector<NetworkItem> items = network();
    if (at_ < text_.size()) wrong("unexpected '{}' at character {}", text_[at_], at_ + 1);
    return items;
  }

 private:
  std::vector<NetworkItem> network() {
    std::vector<NetworkItem> items{item()};
    while (at_ < text_.size() && text_[at_] == ',') {
      ++at_;
      items.push_back(item());
    }
    return items;
  }

  NetworkItem item() {
    skip_spaces();
    const std::size_t begin = at_;
    NetworkItem item;
    item.position = begin + 1;
    while (at_ < text_.size() && !is_separator(text_[at_])) {
      item.words.push_back(word());
      skip_spaces();
    }
    if (item.words.empty()) wrong("a layer is missing at character {}", begin + 1);
    item.name = item.words.front();
    item.words.erase(item.words.begin());
    if (at_ < text_.size() && text_[at_] == '(') parts(item);
    std::string_view written = std::string_view(text_).substr(begin, at_ - begin);
    while (is_space(written.back())) written.remove_suffix(1);
    item.text = written;
    return item;
  }

  void parts(NetworkItem& item) {
    const std::size_t open = at_;
    if (++depth_ > deepest)
      wrong("parentheses must not be nested more than {} deep, at character {}", deepest, open + 1);
    do {
      ++at_;
      item.parts.push_back(network());
    } while (at_ < text_.size() && text_[at_] == '|');
    if (at_ == text_.size()) wrong("the parenthesis at character {} is not closed", open + 1);
    if (text_[at_] != ')') wrong("unexpected '{}' at character {}", text_[at_], at_ + 1);
    ++at_;
    --depth_;
    skip_spaces();
    if (at_ < text_.size() && (!is_separator(text_[at_]) || text_[at_] == '('))
      wrong("a comma is missing at character {}", at_ + 1);
  }

  std::string word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && !is_separator(text_[at_]) && !is_space(text_[at_])) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  void skip_spaces() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }

  static bool is_separator(char c) { return c == ',' || c == '(' || c == ')' || c == '|'; }

  std::string text_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

std::string first(std::vector<std::string>& words) {
  std::string word = std::move(words.front());
  words.erase(words.begin());
  return word;
}

}  // namespace

std::vector<NetworkItem> parse_network(std::string_view text) {
  return Parser(text).all();
}

Pair parse_window(const std::string& word, const char* what, int64_t least) {
  const std::size_t cross = word.find("×");
  const std::string plain =
      cross == word.npos ? word : word.substr(0, cross) + 'x' + word.substr(cross + 2);
  const std::vector<std::string_view> sides = split(plain, 'x');
  const auto height = parse_number<int64_t>(sides.front()),
             width = parse_number<int64_t>(sides.back());
  const Range range = range::whole(static_cast<double>(least));
  const auto fits = [&](const auto& side) {
    return side && range.holds(static_cast<double>(*side));
  };
  if (sides.size() > 2 || !fits(height) || !fits(width))
    wrong("needs {} such as 3x3, each {}, got '{}'", what, range.text(), word);
  return {*height, *width};
}

int64_t NetworkWords::count(const char* what) {
  if (rest_.empty()) wrong("needs {}", what);
  return read<int64_t>(first(rest_), range::count, fmt::format("needs {},", what));
}

Pair NetworkWords::window(const char* what) {
  if (rest_.empty()) wrong("needs {} such as 3x3", what);
  return parse_window(first(rest_), what);
}

double NetworkWords::number_or(double default_value) {
  return rest_.empty() ? default_value : read<double>(first(rest_), range::finite, "takes");
}

std::string NetworkWords::word_or(const char* default_value) {
  return rest_.empty() ? default_value : first(rest_);
}

std::string NetworkWords::value(std::string_view name) {
  const auto found = std::ranges::find(rest_, name);
  if (found == rest_.end()) return "";
  if (found + 1 == rest_.end()) wrong("{} needs a value", name);
  std::string value = *(found + 1);
  rest_.erase(found, found + 2);
  return value;
}

int64_t NetworkWords::option(std::string_view name, int64_t default_value, int64_t least) {
  const std::string text = value(name);
  if (text.empty()) return default_value;
  const Range range = range::whole(static_cast<double>(least));
  return read<int64_t>(text, range, fmt::format("{} must be", name));
}

double NetworkWords::number_after(std::string_view name, double default_value) {
  const std::string text = value(name);
  if (text.empty()) return default_value;
  return read<double>(text, range::finite, fmt::format("{} must be", name));
}

void NetworkWords::finish() const {
  if (!rest_.empty()) wrong("unknown word '{}'", rest_.front());
}

}  // namespace gradus::layers
