#include "apps/lab/draw/lines.hpp"

#include <algorithm>
#include <cmath>

#include "core/math.hpp"

namespace gradus::lab {

// Longer names would be cut in the legend, which has four lines for each.
constexpr std::size_t longest_legend = 240;

std::vector<double> spaced(double first, double last, std::size_t count) {
  std::vector<double> result;
  for (std::size_t i = 0; i < count; ++i)
    result.push_back(first +
                     (last - first) * static_cast<double>(i) / static_cast<double>(count - 1));
  return result;
}

std::vector<double> powers_of_ten(double first, double last, std::size_t count) {
  std::vector<double> result = spaced(first, last, count);
  for (double& value : result) value = math::pow(10, value);
  return result;
}

Series thinned_curve(const std::string& name, const std::vector<double>& values) {
  Series series{name};
  for (std::size_t i = 1; i <= values.size();) {
    series.add(static_cast<double>(i), values[i - 1]);
    i = i == values.size() ? i + 1 : std::min(values.size(), i + 1 + i / 10);
  }
  return series;
}

void add_or_join(Chart& chart, const Series& curve) {
  const auto near = [](double a, double b) { return std::abs(a - b) <= 0.01 * std::abs(b); };
  for (Series& line : chart.series) {
    if (line.name.size() + curve.name.size() > longest_legend) continue;
    if (line.x != curve.x || !std::ranges::equal(line.y, curve.y, near)) continue;
    line.name += ", " + curve.name;
    return;
  }
  chart.series.push_back(curve);
}

std::vector<std::vector<Chart>> in_rows(const std::vector<Chart>& charts, std::size_t columns) {
  std::vector<std::vector<Chart>> rows;
  for (std::size_t i = 0; i < charts.size(); ++i) {
    if (i % columns == 0) rows.emplace_back();
    rows.back().push_back(charts[i]);
  }
  return rows;
}

Series rate_curve(const std::string& name, const optim::Schedule& schedule, int64_t epochs,
                  int64_t steps_per_epoch) {
  Series series{name};
  for (int64_t step = 0; step < epochs * steps_per_epoch; ++step) {
    series.add(static_cast<double>(step), schedule(step));
    if ((step + 1) % steps_per_epoch == 0) schedule.report(step, 1);
  }
  return series;
}

Series column_line(const Table& table, std::size_t x, std::size_t y, std::string_view word) {
  Series line{std::string(word.empty() ? table.columns[y].name : word)};
  for (const std::vector<TableCell>& row : table.rows)
    if (word.empty() || row[0].word == word) line.add(row[x].number.mean, row[y].number.mean);
  return line;
}

std::vector<Series> column_lines(const Table& table) {
  Chart chart;
  for (std::size_t y = 1; y < table.columns.size(); ++y)
    add_or_join(chart, column_line(table, 0, y));
  return chart.series;
}

}  // namespace gradus::lab
