// Lines of charts: functions, means of runs, columns of tables.
#pragma once

#include "apps/lab/measure/estimates.hpp"
#include "optim/schedule.hpp"

namespace gradus::lab {

/// `count` numbers, two or more, from the first to the last at equal distances.
std::vector<double> spaced(double first, double last, std::size_t count);
/// Numbers whose logarithms to base 10 are at equal distances, those of the ends being given.
std::vector<double> powers_of_ten(double first, double last, std::size_t count);

/// A function's values at x.
template <class Function>
Series sampled(const std::string& name, const std::vector<double>& x, Function function) {
  Series series{name};
  for (const double value : x) series.add(value, function(value));
  return series;
}

/// values[0], values[1], … at 1, 2, …; of many, those at about equal distances on a logarithmic
/// axis, and the last.
Series thinned_curve(const std::string& name, const std::vector<double>& values);

/// The mean of the runs' curves, which a member holds, at each point: one for each epoch, from 1
/// on.
template <class Run, class Owner>
Series mean_curve(const std::string& name, const std::vector<Run>& runs,
                  std::vector<double> Owner::*curve, double scale = 1) {
  Series series{name};
  for (std::size_t i = 0; i < (runs[0].*curve).size(); ++i)
    series.add(static_cast<double>(i + 1),
               scale * estimate_of(runs, [&](const Run& run) { return (run.*curve)[i]; }).mean);
  return series;
}

/// Adds `curve` to the chart, or its name to that of a line with the same x and, to one part in a
/// hundred, the same y, which would hide it.
void add_or_join(Chart& chart, const Series& curve);

/// The charts in their order, `columns` in a row.
std::vector<std::vector<Chart>> in_rows(const std::vector<Chart>& charts, std::size_t columns);

/// The rates of `epochs` epochs, in which the loss that the schedule is told never falls.
Series rate_curve(const std::string& name, const optim::Schedule& schedule, int64_t epochs,
                  int64_t steps_per_epoch);

/// The numbers (of estimates, their means) of column `y` over those of column `x`, named like the
/// column; with `word`, of the rows that begin with it alone, and named like it.
Series column_line(const Table& table, std::size_t x, std::size_t y, std::string_view word = "");

/// Every column behind the first as a line over it; lines that would hide each other are joined.
std::vector<Series> column_lines(const Table& table);

}  // namespace gradus::lab
