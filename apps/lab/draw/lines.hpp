// mean_curve, column_line, rate_curve: lines of charts from functions, runs and tables.
#pragma once

#include "apps/lab/measure/estimates.hpp"
#include "optim/schedule.hpp"

namespace gradus::lab {

/// `count` equally spaced numbers from `first` to `last`; count is 2 or more.
std::vector<double> spaced(double first, double last, std::size_t count);
/// 10^x for equally spaced x from `first` to `last`.
std::vector<double> powers_of_ten(double first, double last, std::size_t count);

/// The values of a function at x.
template <class Function>
Series sampled(const std::string& name, const std::vector<double>& x, Function function) {
  Series series{name};
  for (const double value : x) series.add(value, function(value));
  return series;
}

/// values[0], values[1], … at x = 1, 2, …, thinned to about equal distances on a logarithmic axis,
/// and the last one.
Series thinned_curve(const std::string& name, const std::vector<double>& values);

/// The mean over the runs of a curve, given by a member, at each epoch from 1 on.
template <class Run, class Owner>
Series mean_curve(const std::string& name, const std::vector<Run>& runs,
                  std::vector<double> Owner::*curve, double scale = 1) {
  Series series{name};
  for (std::size_t i = 0; i < (runs[0].*curve).size(); ++i)
    series.add(static_cast<double>(i + 1),
               scale * estimate_of(runs, [&](const Run& run) { return (run.*curve)[i]; }).mean);
  return series;
}

/// Adds `curve` to the chart. If a line with the same x and nearly the same y would hide it,
/// adds its name to that line, unless the legend gets too long.
void add_or_join(Chart& chart, const Series& curve);

/// The charts in order, `columns` to a row.
std::vector<std::vector<Chart>> in_rows(const std::vector<Chart>& charts, std::size_t columns);

/// The rates of a schedule for `epochs` epochs whose reported loss never falls.
Series rate_curve(const std::string& name, const optim::Schedule& schedule, int64_t epochs,
                  int64_t steps_per_epoch);

/// The numbers (means of estimates) of column `y` over those of column `x`, named after the column.
/// With `word`: only of the rows that start with it, named after it.
Series column_line(const Table& table, std::size_t x, std::size_t y, std::string_view word = "");

/// Every column after the first as a line over the first; lines that would hide each other are
/// joined.
std::vector<Series> column_lines(const Table& table);

}  // namespace gradus::lab
