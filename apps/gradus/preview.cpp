#include "apps/gradus/preview.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "apps/pictures/chart.hpp"

namespace gradus::app {
namespace {

constexpr int64_t most_points = 500, columns = 72;

// The values of every step; NaN where the schedule leaves momentum alone.
struct Course {
  std::vector<double> rates, momenta;
};

std::vector<double> known(std::vector<double> values) {
  std::erase_if(values, [](double value) { return std::isnan(value); });
  return values;
}

Course follow(const SchedulePreview& preview) {
  Course course;
  for (int64_t step = 0; step < preview.epochs * preview.steps_per_epoch; ++step) {
    course.rates.push_back(preview.schedule(step));
    course.momenta.push_back(preview.schedule.momentum(step).value_or(NAN));
    if ((step + 1) % preview.steps_per_epoch == 0) preview.schedule.report(step, 1);
  }
  return course;
}

// So many steps, evenly, the first and the last among them.
std::vector<std::size_t> some_steps(std::size_t all, int64_t most) {
  const std::size_t count = std::min(all, static_cast<std::size_t>(most));
  std::vector<std::size_t> steps;
  for (std::size_t i = 0; i < count; ++i)
    steps.push_back(count == 1 ? 0 : i * (all - 1) / (count - 1));
  return steps;
}

// What is above 0 is never blank, what isn't known is.
std::string blocks(const std::vector<double>& values, double largest) {
  constexpr const char* heights[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  std::string line;
  for (const std::size_t step : some_steps(values.size(), columns))
    line += heights[values[step] > 0 ? std::max(1L, std::lround(8 * values[step] / largest)) : 0];
  return line;
}

std::string describe(const char* what, const std::vector<double>& values) {
  const std::vector<double> all = known(values);
  const auto [least, largest] = std::minmax_element(all.begin(), all.end());
  return fmt::format("{}\n{} from {:.3g} to {:.3g}, between {:.3g} and {:.3g}\n",
                     blocks(values, *largest), what, all.front(), all.back(), *least, *largest);
}

pictures::Chart chart(const std::string& title, const char* quantity,
                      const std::vector<double>& values) {
  pictures::Series series{quantity, {}, {}};
  for (const std::size_t step : some_steps(values.size(), most_points)) {
    series.x.push_back(static_cast<double>(step));
    series.y.push_back(values[step]);
  }
  return {.title = title, .x_label = "step", .y_label = quantity, .series = {series}};
}

}  // namespace

SchedulePictures draw(const SchedulePreview& preview) {
  const Course course = follow(preview);
  SchedulePictures result{
      fmt::format("{}, {} epochs of {} steps\n{}", preview.name, preview.epochs,
                  preview.steps_per_epoch, describe("learning rate", course.rates)),
      {}};
  std::vector<pictures::Chart> charts{chart(preview.name, "learning rate", course.rates)};
  if (!known(course.momenta).empty()) {
    result.text += describe("momentum", course.momenta);
    charts.push_back(chart("Momentum", "momentum", course.momenta));
  }
  result.svg = pictures::render(charts);
  return result;
}

}  // namespace gradus::app
