#include "optim/search/space_text.hpp"

#include <algorithm>
#include <cmath>

#include "core/text/range.hpp"
#include "core/text/registry.hpp"
#include "core/text/split.hpp"

namespace gradus::optim::detail {
namespace {

using Kind = SearchParameter::Kind;

// The ranges of numbers by name.
const Registry<Kind>& ranges() {
  static const Registry<Kind> table("range", {{"uniform", "", Kind::uniform},
                                              {"log", "", Kind::log},
                                              {"int", "", Kind::integer},
                                              {"logint", "", Kind::log_integer}});
  return table;
}

void check_range(std::string_view entry, std::string_view name, const SearchParameter& range) {
  const auto [low, high] = std::pair(range.low, range.high);
  const bool logarithmic = range.kind == Kind::log || range.kind == Kind::log_integer;
  const double largest = range.count() ? largest_count : 1e300;
  if (logarithmic ? !(0 < low && low < high) : !(low < high))
    fail_at(entry, "{} needs {}low < high, got {} and {}", name, logarithmic ? "0 < " : "", low,
            high);
  if (!(std::abs(low) <= largest && std::abs(high) <= largest))
    fail_at(entry, "{} takes numbers up to {}, got {} and {}", name, largest, low, high);
  if (range.count() && (low != std::floor(low) || high != std::floor(high)))
    fail_at(entry, "{} takes whole numbers, got {} and {}", name, low, high);
}

}  // namespace

std::vector<std::string_view> split_outside_brackets(std::string_view text) {
  std::vector<std::string_view> parts;
  int depth = 0;
  std::size_t begin = 0;
  const auto take = [&](std::size_t end) {
    const std::string_view part = trimmed(text.substr(begin, end - begin));
    if (!part.empty()) parts.push_back(part);
    begin = end + 1;
  };
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : '\n';
    if (c == '(' || c == '[') ++depth;
    if (c == ')' || c == ']') --depth;
    if (depth < 0 || (c == '\n' && depth > 0))
      fail_at(trimmed(text.substr(begin, i + (c == '\n' ? 0 : 1) - begin)), "a bracket is {}",
              depth < 0 ? "closed that isn't open" : "open at the end of the line");
    if (depth == 0 && (c == ',' || c == '\n')) take(i);
  }
  return parts;
}

bool is_in(std::string_view text, char open, char close) {
  return text.size() >= 2 && text.front() == open && text.back() == close;
}

std::vector<std::string> parse_list(std::string_view entry, std::string_view text) {
  std::vector<std::string> values;
  for (const std::string_view value : split_outside_brackets(text.substr(1, text.size() - 2))) {
    if (std::find(values.begin(), values.end(), value) != values.end())
      fail_at(entry, "{} is given twice", value);
    values.emplace_back(value);
  }
  if (values.empty()) fail_at(entry, "the list is empty");
  return values;
}

SearchParameter parse_values(std::string_view entry, std::string_view name, std::string_view text) {
  if (is_in(text, '[', ']'))
    return {.name = std::string(name), .kind = Kind::list, .values = parse_list(entry, text)};
  const std::string_view function = trimmed(text.substr(0, text.find('(')));
  if (!ranges().contains(function) || text.back() != ')')
    fail_at(entry,
            "the values are [a,b,…], uniform(low,high), log(low,high), int(low,high), "
            "logint(low,high) or network(blocks,classes), got '{}'",
            text);
  const std::size_t open = text.find('(');
  const auto bounds = parse_numbers<double>(text.substr(open + 1, text.size() - open - 2));
  if (!bounds || bounds->size() != 2)
    fail_at(entry, "{} takes two numbers, as in {}(1,10)", function, function);
  SearchParameter range{std::string(name), ranges().find(function), bounds->at(0), bounds->at(1)};
  check_range(entry, function, range);
  return range;
}

std::pair<int64_t, int64_t> parse_network(std::string_view entry, std::string_view text) {
  const auto numbers = parse_numbers<int64_t>(text);
  if (!numbers || numbers->size() != 2 ||
      !range::whole(1, 100).holds(static_cast<double>(numbers->at(0))) ||
      !range::whole(1, 1000000).holds(static_cast<double>(numbers->at(1))))
    fail_at(entry, "network takes the most blocks, 1 … 100, and the classes, as in network(4,10)");
  return {numbers->at(0), numbers->at(1)};
}

}  // namespace gradus::optim::detail
