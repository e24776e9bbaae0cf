#include "optim/search/space.hpp"

#include <algorithm>
#include <numbers>

#include "core/text/registry.hpp"
#include "core/text/split.hpp"
#include "optim/search/space_text.hpp"

namespace gradus::optim {

using detail::fail_at;
using detail::is_in;
using detail::parse_list;
using detail::split_outside_brackets;
using Kind = SearchParameter::Kind;

SearchSpace::SearchSpace(std::string_view text) {
  const std::string plain = without_comments(text);
  for (const std::string_view entry : split_outside_brackets(plain)) add(entry);
  require(!parameters_.empty(), "search_space", "there is no parameter in '{}'", text);
}

void SearchSpace::add(std::string_view entry) {
  const std::size_t equals = entry.find('=');
  const std::string_view name = trimmed(entry.substr(0, equals));
  if (equals == entry.npos || name.empty() || name.find_first_of(" ()[]") != name.npos)
    fail_at(entry, "a parameter is NAME=VALUES, as in lr=log(1e-4,1)");
  const auto is_named = [&](const auto& other) { return other.name == name; };
  if (std::any_of(parameters_.begin(), parameters_.end(), is_named) ||
      std::any_of(networks_.begin(), networks_.end(), is_named))
    fail_at(entry, "{} is given twice", name);
  constexpr std::string_view separator = " if ";
  const std::size_t condition = entry.find(separator, equals);
  const std::string_view values = trimmed(entry.substr(equals + 1, condition - equals - 1));
  if (values.starts_with("network(") && values.ends_with(")")) {
    if (condition != entry.npos) fail_at(entry, "a network takes part always");
    const auto [blocks, classes] =
        detail::parse_network(entry, values.substr(8, values.size() - 9));
    networks_.push_back({std::string(name), blocks, classes});
    const std::string choices = networks_.back().choices();
    for (const std::string_view choice : split_outside_brackets(choices)) add(choice);
    return;
  }
  SearchParameter parameter = detail::parse_values(entry, name, values);
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
  const auto parent =
      std::find_if(parameters_.begin(), parameters_.end(),
                   [&](const SearchParameter& parameter) { return parameter.name == name; });
  if (equals == text.npos || parent == parameters_.end() || parent->kind != Kind::list)
    fail_at(entry, "after if stands NAME=VALUES with the name of a list further up, got '{}'",
            text);
  const std::string_view values = trimmed(text.substr(equals + 1));
  const std::vector<std::string> given = is_in(values, '[', ']')
                                             ? parse_list(entry, values)
                                             : std::vector<std::string>{std::string(values)};
  SearchParameter::Condition condition{static_cast<std::size_t>(parent - parameters_.begin()), {}};
  for (const std::string& value : given) {
    const auto found = std::find(parent->values.begin(), parent->values.end(), value);
    if (found == parent->values.end())
      fail_at(entry, "{} is one of {}, got '{}'", name,
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
  return is_active(parent, point) &&
         std::find(allowed.begin(), allowed.end(), value) != allowed.end();
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
    const auto network =
        std::find_if(networks_.begin(), networks_.end(),
                     [&, &own = name](const NetworkSpace& space) { return space.owns(own); });
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
