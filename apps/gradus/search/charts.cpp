#include "apps/gradus/search/charts.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "apps/pictures/bars.hpp"
#include "apps/pictures/chart.hpp"
#include "apps/pictures/parallel_coordinates.hpp"
#include "optim/search/importance.hpp"

namespace gradus::app {
namespace {

using optim::SearchParameter;
using optim::Trial;

constexpr std::size_t most_ticks = 8;

pictures::ParallelAxis axis_of(const SearchParameter& parameter) {
  pictures::ParallelAxis axis{parameter.name, {}};
  const bool is_list = parameter.kind == SearchParameter::Kind::list;
  const std::vector<double> places = parameter.levels(is_list ? 1 : 5);
  const std::size_t step = 1 + (places.size() - 1) / most_ticks;
  for (std::size_t i = 0; i < places.size(); i += step)
    axis.ticks.push_back({places[i], parameter.value(places[i])});
  return axis;
}

// Of scores, the last axis: the best at the top.
struct ScoreScale {
  double worst, best;
  double place(double score) const { return best > worst ? (score - worst) / (best - worst) : 0.5; }
};

pictures::ParallelLine line_of(const SearchRunner& runner, int64_t trial, const ScoreScale& scale) {
  const optim::SearchSpace& space = runner.search().task().space;
  const optim::Point& point = runner.search().trials()[static_cast<std::size_t>(trial)].point;
  const double score = runner.score(trial);
  pictures::ParallelLine line{.places = {}, .strength = 0.6 * scale.place(score)};
  for (std::size_t i = 0; i < space.size(); ++i) {
    const SearchParameter& parameter = space.parameters()[i];
    const double place = parameter.count() ? parameter.middle(parameter.index(point[i])) : point[i];
    line.places.push_back(space.is_active(i, point) ? std::optional(place) : std::nullopt);
  }
  line.places.push_back(scale.place(score));
  line.tooltip = fmt::format("trial {}: {:.4f}", trial + 1, runner.metric().value(score));
  for (const auto& [name, value] : space.values(point))
    line.tooltip += fmt::format(", {} {}", name, value);
  return line;
}

}  // namespace

std::string best_so_far(const SearchRunner& runner, const std::vector<SearchEvent>& events) {
  pictures::Series series{fmt::format("best of {} trials", runner.results().size()), {}, {}};
  std::vector<std::size_t> epochs(runner.results().size());
  double spent = 0, best = NAN;
  const auto add = [&](double score) {
    series.x.push_back(spent);
    series.y.push_back(runner.metric().value(score));
  };
  for (const SearchEvent& event : events) {
    if (event.kind != SearchEvent::Kind::finished) continue;
    std::size_t& before = epochs[static_cast<std::size_t>(event.trial)];
    spent += static_cast<double>(event.values.size() - before);
    before = event.values.size();
    const double score = runner.metric().score(event.values);
    if (std::isnan(score) || score <= best) continue;
    // A step: the best before holds until now.
    if (!std::isnan(best)) add(best);
    add(score);
    best = score;
  }
  if (!std::isnan(best)) add(best);
  return pictures::render({{.title = "Best so far",
                            .x_label = "epochs of training, of all trials together",
                            .y_label = runner.metric().column,
                            .series = {std::move(series)}}});
}

std::string parallel_coordinates(const SearchRunner& runner) {
  const std::vector<int64_t> trials = runner.ranked();
  const Metric& metric = runner.metric();
  const ScoreScale scale{runner.score(trials.back()), runner.score(trials.front())};
  pictures::ParallelCoordinates picture{
      .title = "Trials", .subtitle = "orange: the best tenth", .axes = {}, .lines = {}};
  for (const SearchParameter& parameter : runner.search().task().space.parameters())
    picture.axes.push_back(axis_of(parameter));
  pictures::ParallelAxis last{metric.column, {}};
  for (const double place : {0.0, 0.25, 0.5, 0.75, 1.0}) {
    const double score = std::lerp(scale.worst, scale.best, place);
    last.ticks.push_back({place, fmt::format("{:.4f}", metric.value(score))});
  }
  picture.axes.push_back(std::move(last));
  for (std::size_t rank = 0; rank < trials.size(); ++rank) {
    picture.lines.push_back(line_of(runner, trials[rank], scale));
    if (rank > (trials.size() - 1) / 10) continue;
    picture.lines.back().highlighted = true;
    picture.lines.back().strength = 1;
  }
  return pictures::render(picture);
}

std::string importances(const SearchRunner& runner) {
  const optim::SearchSpace& space = runner.search().task().space;
  const std::vector<double> parts = optim::importance(space, runner.search().trials());
  std::vector<std::size_t> order(parts.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return parts[a] > parts[b]; });
  pictures::BarChart chart{
      .title = "Importance of each parameter",
      .subtitle = parts.empty() ? "no trial differs from another"
                                : "part of the variance that it has a share in (total effect)",
      .bars = {}};
  for (const std::size_t i : order)
    chart.bars.push_back(
        {space.parameters()[i].name, parts[i], fmt::format("{:.0f} %", 100 * parts[i])});
  return pictures::render(chart);
}

}  // namespace gradus::app
