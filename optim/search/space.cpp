#include "optim/search/space.hpp"

#include <cmath>
#include <numbers>

#include "core/math.hpp"
#include "core/text/range.hpp"
#include "core/text/registry.hpp"

namespace gradus::optim {
namespace {

using Kind = SearchParameter::Kind;

// Every whole number has an interval that extends half of the way to both neighbours.
constexpr double half = 0.5;

double interpolated(double low, double high, double part, bool logarithmic) {
  if (!logarithmic) return low + (high - low) * part;
  const double ratio = high / low;
  return std::isfinite(ratio) ? low * math::pow(ratio, part)
                              : math::pow(low, 1 - part) * math::pow(high, part);
}

// "[search_space] at 'entry': message".
template <class... Args>
[[noreturn]] void fail_at(std::string_view entry, fmt::format_string<Args...> message,
                          Args&&... args) {
  fail("search_space", "at '{}': {}", entry, fmt::format(message, std::forward<Args>(args)...));
}

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
  const bool is_whole = range.kind == Kind::integer || range.kind == Kind::log_integer;
  const double largest = is_whole ? largest_count : 1e300;
  if (logarithmic ? !(0 < low && low < high) : !(low < high))
    fail_at(entry, "{} needs {}low < high, got {} and {}", name, logarithmic ? "0 < " : "", low,
            high);
  if (!(std::abs(low) <= largest && std::abs(high) <= largest))
    fail_at(entry, "{} needs numbers up to {}, got {} and {}", name, largest, low, high);
  if (is_whole && (low != std::floor(low) || high != std::floor(high)))
    fail_at(entry, "{} needs whole numbers, got {} and {}", name, low, high);
}

// The texts between commas and line ends outside brackets, without the blanks around them. Some may
// be empty.
std::vector<std::string_view> split_outside_brackets(std::string_view text) {
  std::vector<std::string_view> parts;
  int depth = 0;
  std::size_t begin = 0;
  const auto take = [&](std::size_t end) {
    parts.push_back(trimmed(text.substr(begin, end - begin)));
    begin = end + 1;
  };
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : '\n';
    if (c == '(' || c == '[') ++depth;
    if (c == ')' || c == ']') --depth;
    if (depth < 0 || (c == '\n' && depth > 0))
      fail_at(trimmed(text.substr(begin, i + (c == '\n' ? 0 : 1) - begin)), "{}",
              depth < 0 ? "unexpected closing bracket"
                        : "a bracket is not closed at the end of the line");
    if (depth == 0 && (c == ',' || c == '\n')) take(i);
  }
  return parts;
}

// Whether `text` begins with `open` and ends with `close`.
bool is_in(std::string_view text, char open, char close) {
  return text.size() >= 2 && text.front() == open && text.back() == close;
}

// The items of "[a, b]".
std::vector<std::string> parse_list(std::string_view entry, std::string_view text) {
  std::vector<std::string> values;
  if (trimmed(text.substr(1, text.size() - 2)).empty()) fail_at(entry, "the list is empty");
  for (const std::string_view value : split_outside_brackets(text.substr(1, text.size() - 2))) {
    if (value.empty()) fail_at(entry, "value {} of the list is empty", values.size() + 1);
    if (std::ranges::find(values, value) != values.end())
      fail_at(entry, "{} is given twice", value);
    values.emplace_back(value);
  }
  return values;
}

// The parameter for "[a, b]", "log(1e-4, 1)" and so on.
SearchParameter parse_values(std::string_view entry, std::string_view name, std::string_view text) {
  if (is_in(text, '[', ']'))
    return {.name = std::string(name), .kind = Kind::list, .values = parse_list(entry, text)};
  const std::string_view function = trimmed(text.substr(0, text.find('(')));
  if (!ranges().contains(function) || text.back() != ')')
    fail_at(entry,
            "values must be [a,b,…], uniform(low,high), log(low,high), int(low,high), "
            "logint(low,high) or network(blocks,classes), got '{}'",
            text);
  const std::size_t open = text.find('(');
  const auto bounds = parse_numbers<double>(text.substr(open + 1, text.size() - open - 2));
  if (!bounds || bounds->size() != 2)
    fail_at(entry, "{} needs two numbers, as in {}(1,10)", function, function);
  SearchParameter range{std::string(name), ranges().find(function), bounds->at(0), bounds->at(1)};
  check_range(entry, function, range);
  return range;
}

// Blocks and classes of "4, 10".
std::pair<int64_t, int64_t> parse_network(std::string_view entry, std::string_view text) {
  const auto numbers = parse_numbers<int64_t>(text);
  if (!numbers || numbers->size() != 2 ||
      !range::whole(1, 100).holds(static_cast<double>(numbers->at(0))) ||
      !range::whole(1, 1000000).holds(static_cast<double>(numbers->at(1))))
    fail_at(entry,
            "network needs the maximal number of blocks, 1 to 100, and the number of classes, as "
            "in network(4,10)");
  return {numbers->at(0), numbers->at(1)};
}

}  // namespace

std::optional<int64_t> SearchParameter::count() const {
  if (kind == Kind::list) return std::ssize(values);
  if (kind == Kind::integer || kind == Kind::log_integer)
    return static_cast<int64_t>(high - low) + 1;
  return std::nullopt;
}

int64_t SearchParameter::index(double coordinate) const {
  const int64_t last = *count() - 1;
  const double place =
      kind == Kind::log_integer
          ? std::round(interpolated(low - half, high + half, coordinate, true)) - low
          : std::floor(coordinate * static_cast<double>(last + 1));
  return std::clamp<int64_t>(static_cast<int64_t>(place), 0, last);
}

double SearchParameter::middle(int64_t index) const {
  if (kind != Kind::log_integer)
    return (static_cast<double>(index) + half) / static_cast<double>(*count());
  const double least = low - half;
  return math::log((low + static_cast<double>(index)) / least) / math::log((high + half) / least);
}

std::string SearchParameter::value(double coordinate) const {
  if (kind == Kind::list) return values[static_cast<std::size_t>(index(coordinate))];
  if (count()) return fmt::to_string(static_cast<int64_t>(low) + index(coordinate));
  return fmt::format("{:.4g}", interpolated(low, high, coordinate, kind == Kind::log));
}

std::vector<double> SearchParameter::levels(int64_t levels) const {
  std::vector<double> result;
  const int64_t n = kind == Kind::list ? *count() : std::min(levels, count().value_or(levels));
  for (int64_t i = 0; i < n; ++i) {
    if (n == count())
      result.push_back(middle(i));
    else
      result.push_back(n == 1 ? half : static_cast<double>(i) / static_cast<double>(n - 1));
  }
  return result;
}

SearchSpace::SearchSpace(std::string_view text) {
  const std::string plain = without_comments(text);
  for (const std::string_view entry : split_outside_brackets(plain))
    if (!entry.empty()) add(entry);
  require(!parameters_.empty(), "search_space",
          "a space must have at least one parameter, got '{}'", text);
}

void SearchSpace::add(std::string_view entry) {
  const std::size_t equals = entry.find('=');
  const std::string_view name = trimmed(entry.substr(0, equals));
  if (equals == entry.npos || name.empty() || name.find_first_of(" ()[]") != name.npos)
    fail_at(entry, "a parameter must be NAME=VALUES, as in lr=log(1e-4,1)");
  const auto is_named = [&](const auto& other) { return other.name == name; };
  if (std::ranges::any_of(parameters_, is_named) || std::ranges::any_of(networks_, is_named))
    fail_at(entry, "{} is given twice", name);
  constexpr std::string_view separator = " if ";
  const std::size_t condition = entry.find(separator, equals);
  const std::string_view values = trimmed(entry.substr(equals + 1, condition - equals - 1));
  if (values.starts_with("network(") && values.ends_with(")")) {
    if (condition != entry.npos) fail_at(entry, "a network can't have a condition");
    const auto [blocks, classes] = parse_network(entry, values.substr(8, values.size() - 9));
    networks_.push_back({std::string(name), blocks, classes});
    const std::string choices = networks_.back().choices();
    for (const std::string_view choice : split_outside_brackets(choices))
      if (!choice.empty()) add(choice);
    return;
  }
  SearchParameter parameter = parse_values(entry, name, values);
  if (condition != entry.npos)
    parameter.condition =
        parse_condition(entry, trimmed(entry.substr(condition + separator.size())));
  parameters_.push_back(std::move(parameter));
}

// "optimizer=[sgd,nag]" or "optimizer=sgd"
SearchParameter::Condition SearchSpace::parse_condition(std::string_view entry,
                                                        std::string_view text) const {
  const std::size_t equals = text.find('=');
  const std::string_view name = trimmed(text.substr(0, equals));
  const auto parent = std::ranges::find(parameters_, name, &SearchParameter::name);
  if (equals == text.npos || parent == parameters_.end() || parent->kind != Kind::list)
    fail_at(entry,
            "after if, NAME=VALUES with the name of a list defined earlier is needed, got '{}'",
            text);
  const std::string_view values = trimmed(text.substr(equals + 1));
  const std::vector<std::string> given = is_in(values, '[', ']')
                                             ? parse_list(entry, values)
                                             : std::vector<std::string>{std::string(values)};
  SearchParameter::Condition condition{static_cast<std::size_t>(parent - parameters_.begin()), {}};
  for (const std::string& value : given) {
    const auto found = std::ranges::find(parent->values, value);
    if (found == parent->values.end())
      fail_at(entry, "{} must be one of {}, got '{}'", name,
              fmt::join(nearest_first(value, parent->values), ", "), value);
    condition.values.push_back(static_cast<std::size_t>(found - parent->values.begin()));
  }
  return condition;
}

bool SearchSpace::is_active(std::size_t parameter, const Point& point) const {
  const auto& condition = parameters_[parameter].condition;
  if (!condition) return true;
  const std::size_t parent = condition->parameter;
  const auto value = static_cast<std::size_t>(parameters_[parent].index(point[parent]));
  const auto& allowed = condition->values;
  return is_active(parent, point) && std::ranges::find(allowed, value) != allowed.end();
}

Configuration SearchSpace::values(const Point& point) const {
  Configuration result;
  for (std::size_t i = 0; i < size(); ++i)
    if (is_active(i, point))
      result.emplace_back(parameters_[i].name, parameters_[i].value(point[i]));
  return result;
}

Configuration SearchSpace::configuration(const Point& point) const {
  Configuration result;
  const Configuration all = values(point);
  for (const auto& [name, value] : all) {
    const auto network = std::ranges::find_if(
        networks_, [&, &own = name](const NetworkSpace& space) { return space.owns(own); });
    if (network == networks_.end())
      result.emplace_back(name, value);
    else if (result.empty() || result.back().first != network->name)
      result.emplace_back(network->name, network->network(all));
  }
  return result;
}

std::vector<Point> SearchSpace::grid(int64_t levels, std::size_t most) const {
  std::vector<Point> points{Point(size(), 0.5)};
  for (std::size_t i = 0; i < size(); ++i) {
    const std::vector<double> coordinates = parameters_[i].levels(levels);
    std::vector<Point> finer;
    for (const Point& point : points)
      for (const double coordinate : coordinates) {
        if (finer.size() == most) break;
        finer.push_back(point);
        finer.back()[i] = coordinate;
        if (!is_active(i, point)) break;
      }
    points = std::move(finer);
  }
  return points;
}

std::vector<double> SearchSpace::features(const Point& point) const {
  std::vector<double> result;
  for (std::size_t i = 0; i < size(); ++i) {
    const SearchParameter& parameter = parameters_[i];
    const bool active = is_active(i, point);
    if (parameter.kind != Kind::list) {
      const double coordinate =
          parameter.count() ? parameter.middle(parameter.index(point[i])) : point[i];
      result.push_back(active ? coordinate : 0.5);
      continue;
    }
    const std::size_t start = result.size();
    result.resize(start + parameter.values.size(), 0);
    if (active)
      result[start + static_cast<std::size_t>(parameter.index(point[i]))] = std::numbers::sqrt2 / 2;
  }
  return result;
}

std::vector<std::size_t> SearchSpace::feature_parameters() const {
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i < size(); ++i)
    result.insert(result.end(), std::max<std::size_t>(1, parameters_[i].values.size()), i);
  return result;
}

}  // namespace gradus::optim
