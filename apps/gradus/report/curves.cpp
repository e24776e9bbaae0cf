#include "apps/gradus/report/curves.hpp"

#include <cmath>

#include "apps/pictures/blocks.hpp"
#include "apps/pictures/thinning.hpp"

namespace gradus::app {
namespace {

constexpr std::size_t most_points = 500, columns = 72;  // of a schedule
constexpr int64_t averages = 50, shortest_average = 3;  // of the losses of steps
constexpr std::size_t violet = 3, grey = 5;

std::vector<double> values(const train::History& history, double train::EpochRecord::*column,
                           double scale) {
  std::vector<double> result;
  for (const train::EpochRecord& record : history) result.push_back(scale * record.*column);
  return result;
}

// The values of every step; NaN if the schedule doesn't set the momentum.
struct Course {
  std::vector<double> rates, momenta;
};

std::vector<double> without_nan(std::vector<double> values) {
  std::erase_if(values, [](double value) { return std::isnan(value); });
  return values;
}

Course follow(const SchedulePreview& preview) {
  Course course;
  for (int64_t step = 0; step < preview.steps; ++step) {
    course.rates.push_back(preview.schedule(step));
    course.momenta.push_back(preview.schedule.momentum(step).value_or(NAN));
    if ((step + 1) % preview.steps_per_epoch != 0) continue;
    const auto epoch = static_cast<std::size_t>(step / preview.steps_per_epoch);
    preview.schedule.report(step, epoch < preview.losses.size() ? preview.losses[epoch] : 1);
  }
  return course;
}

std::string describe(const char* what, const std::vector<double>& values) {
  const std::vector<double> all = without_nan(values);
  const auto [least, largest] = std::ranges::minmax_element(all);
  return fmt::format("{}\n{} from {:.3g} to {:.3g}, minimum {:.3g}, maximum {:.3g}\n",
                     pictures::block_line(values, *largest, columns), what, all.front(), all.back(),
                     *least, *largest);
}

pictures::Chart chart(const std::string& title, const char* quantity,
                      const std::vector<double>& values) {
  pictures::Series series{quantity};
  for (const std::size_t step : pictures::spread_evenly(values.size(), most_points))
    series.add(static_cast<double>(step), values[step]);
  return {.title = title, .x_label = "step", .y_label = quantity, .series = {series}};
}

// The losses of the steps over the epoch, and their moving average.
std::vector<pictures::Series> step_series(const StepLosses& steps) {
  if (steps.losses.size() < 2 || steps.steps_per_epoch < 2) return {};
  const int64_t length = std::max(shortest_average, std::ssize(steps.losses) / averages);
  const double weight = 1 - 1 / static_cast<double>(length);
  pictures::Series all{"each step", {}, {}, pictures::Mark::faint, grey};
  pictures::Series smooth{fmt::format("smoothed (exponential average, {} steps)", length),
                          {},
                          {},
                          pictures::Mark::thin,
                          violet};
  double average = 0, bias = 1;
  for (const auto& [step, loss] : steps.losses) {
    const double epoch = static_cast<double>(step) / static_cast<double>(steps.steps_per_epoch);
    average = weight * average + (1 - weight) * loss;
    bias *= weight;
    all.add(epoch, loss);
    smooth.add(epoch, average / (1 - bias));
  }
  return {extremes(all, most_points), extremes(smooth, most_points)};
}

}  // namespace

pictures::Series series_of(const std::string& name, const train::History& history,
                           double train::EpochRecord::*column, double scale) {
  pictures::Series result{name};
  for (const train::EpochRecord& record : history)
    result.add(static_cast<double>(record.epoch), scale * record.*column);
  return result;
}

pictures::Chart chart_of(const train::EpochScore& score, const std::string& title) {
  std::string name = score.title;
  if (name[0] >= 'a' && title.empty()) name[0] -= 'a' - 'A';
  return {
      title + name, "epoch", fmt::format("{}{}", score.title, score.is_fraction ? " (%)" : ""), {}};
}

std::vector<pictures::Chart> curves(const train::History& history, const train::EpochScore& score,
                                    const StepLosses& steps) {
  pictures::Chart loss{"Loss", "epoch", "loss", step_series(steps)};
  pictures::Chart scores = chart_of(score, "");
  for (const train::EvaluatedSet& set : train::evaluated_sets(history)) {
    loss.series.push_back(series_of(set.name, history, set.loss, 1));
    loss.series.back().colour = scores.series.size();
    scores.series.push_back(series_of(set.name, history, set.score, scale_of(score)));
  }
  return {loss, scores};
}

std::string loss_blocks(const train::History& history, std::size_t width) {
  if (history.size() < 2) return "";
  std::vector<pictures::BlockSeries> series;
  for (const train::EvaluatedSet& set : train::evaluated_sets(history))
    series.push_back({std::string(set.name) + " loss", values(history, set.loss, 1)});
  return pictures::block_charts(series, width);
}

SchedulePictures draw(const SchedulePreview& preview) {
  if (preview.epochs == 0) return {fmt::format("{}, no steps\n", preview.name), {}};
  const Course course = follow(preview);
  SchedulePictures result{
      fmt::format("{}, {} epochs of {} steps\n{}", preview.name, preview.epochs,
                  preview.steps_per_epoch, describe("learning rate", course.rates)),
      {chart(preview.name, "learning rate", course.rates)}};
  if (!without_nan(course.momenta).empty()) {
    result.text += describe("momentum", course.momenta);
    result.charts.push_back(chart("Momentum", "momentum", course.momenta));
  }
  return result;
}

}  // namespace gradus::app
