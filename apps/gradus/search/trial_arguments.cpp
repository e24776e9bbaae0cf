#include "apps/gradus/search/trial_arguments.hpp"

#include <set>

#include "apps/gradus/cli/parse.hpp"
#include "apps/gradus/run/build.hpp"

namespace gradus::app {
namespace {

using optim::Point;
using optim::SearchParameter;
using optim::SearchSpace;

// The number of training samples in these checks, which don't need more.
constexpr int64_t trial_samples = 1000;

// Options that the search sets itself, or with which trials wouldn't be comparable.
constexpr auto not_searched = {"data",      "data-dir", "limit",  "epochs",
                               "val-split", "no-test",  "threads"};

// The name of the option: "batch-size" for batch.
std::string searched_option(const std::string& parameter) {
  TrainConfig config;
  Options train;
  add_train_options(train, config);
  const Option* const option = train.find(parameter);
  return option ? option->name : option_name(parameter);
}

// The values of a parameter to try.
std::vector<double> coordinates(const SearchParameter& parameter) {
  if (parameter.kind == SearchParameter::Kind::list) return parameter.levels(1);
  return {0, 1};
}

// Changes `point` so that the parameter is active.
void activate(const SearchSpace& space, std::size_t parameter, Point& point) {
  const auto& condition = space.parameters()[parameter].condition;
  if (!condition || space.is_active(parameter, point)) return;
  const SearchParameter& parent = space.parameters()[condition->parameter];
  point[condition->parameter] = parent.middle(static_cast<int64_t>(condition->values.front()));
  activate(space, condition->parameter, point);
}

void check_names(const SearchSpace& space, const Point& point,
                 const std::vector<std::string>& given) {
  std::set<std::string> names;
  for (const auto& [parameter, value] : space.configuration(point)) {
    const std::string name = searched_option(parameter);
    if (!names.insert(name).second)
      throw UsageError("{} is --{}, which is already searched", parameter, name);
    if (std::ranges::find(not_searched, name) != not_searched.end())
      throw UsageError("{} can't be searched: --{} is the same for all trials", parameter, name);
    if (std::ranges::find(given, name) != given.end())
      throw UsageError("{} can't be searched: --{} is given", parameter, name);
  }
}

// Throws what train would throw for the configuration at a point. A training is set up only if it
// checks more than the rules of the options.
void try_point(const SearchSpace& space, const Point& point, TrainConfig config, bool set_up) {
  Options options;
  add_train_options(options, config);
  parse(options, trial_arguments(space.configuration(point)));
  if (set_up) const TrainingSetup setup(config);
}

}  // namespace

std::vector<std::string> trial_arguments(const optim::Configuration& configuration) {
  std::vector<std::string> result;
  for (const auto& [name, value] : configuration)
    result.push_back(fmt::format("--{}={}", searched_option(name), value));
  return result;
}

std::vector<std::string> fixed_arguments(const TrainConfig& config,
                                         const std::vector<std::string>& names) {
  std::vector<std::string> result;
  const Json values = to_json(config);
  for (const std::string& name : names)
    if (const std::string value = text_of(values.at(json_key(name))); !value.empty())
      result.push_back(fmt::format("--{}={}", name, value));
  return result;
}

void check_space(const SearchSpace& space, const TrainConfig& fixed,
                 const std::vector<std::string>& given) {
  TrainConfig small = fixed;
  small.limit = std::min(fixed.limit.value_or(trial_samples), trial_samples);
  Point first;
  for (const SearchParameter& parameter : space.parameters())
    first.push_back(parameter.count() ? parameter.middle(0) : 0.5);
  bool set_up = true;
  for (std::size_t i = 0; i < space.size(); ++i)
    for (const double coordinate : coordinates(space.parameters()[i])) {
      Point point = first;
      activate(space, i, point);
      point[i] = coordinate;
      check_names(space, point, given);
      const std::string value = space.parameters()[i].value(coordinate);
      try {
        try_point(space, point, small, set_up || !parse_number<double>(value));
      } catch (const UsageError& error) {
        throw UsageError("at {}={}: {}", space.parameters()[i].name, value, error.what());
      }
      set_up = false;
    }
}

std::string shell_line(const std::vector<std::string>& arguments) {
  std::string line;
  for (std::string argument : arguments) {
    if (argument.find_first_of(" '\"()[]{}*?;&|<>$\\`!#~") != argument.npos) {
      for (std::size_t at = 0; (at = argument.find('\'', at)) != argument.npos; at += 4)
        argument.replace(at, 1, "'\\''");
      argument = '\'' + argument + '\'';
    }
    line += (line.empty() ? "" : " ") + argument;
  }
  return line;
}

}  // namespace gradus::app
