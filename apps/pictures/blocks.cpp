#include "apps/pictures/blocks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "apps/pictures/markup.hpp"
#include "core/text/width.hpp"

namespace gradus::pictures {
namespace {

constexpr const char* heights[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr long full = 8;
constexpr std::size_t widest_column = 4, gap = 3;

// The smallest and the largest finite value.
struct LevelSpan {
  double least = INFINITY, largest = -INFINITY;
};

LevelSpan span_of(const std::vector<BlockSeries>& series) {
  LevelSpan result;
  for (const BlockSeries& one : series)
    for (const double value : one.values)
      if (std::isfinite(value)) {
        result.least = std::min(result.least, value);
        result.largest = std::max(result.largest, value);
      }
  return result;
}

// The height of a column in eighths of a row: 1 for the smallest value, 0 if it isn't finite.
long level(double value, const LevelSpan& span, std::size_t rows) {
  if (!std::isfinite(value)) return 0;
  const double size = span.largest - span.least;
  const double part = size > 0 ? (value - span.least) / size : 0;
  return 1 + std::lround(part * static_cast<double>(full * static_cast<long>(rows) - 1));
}

// The width of each value in characters.
std::size_t column_width(const BlockSeries& series, std::size_t columns) {
  return std::clamp<std::size_t>(columns / std::max<std::size_t>(1, series.values.size()), 1,
                                 widest_column);
}

// One row of a series, counted from the bottom.
std::string row_of(const BlockSeries& series, const LevelSpan& span, std::size_t row,
                   std::size_t rows, std::size_t columns) {
  const std::size_t wide = column_width(series, columns);
  std::string line;
  for (const std::size_t i : spread_evenly(series.values.size(), columns)) {
    const long above = level(series.values[i], span, rows) - full * static_cast<long>(row);
    for (std::size_t k = 0; k < wide; ++k) line += heights[std::clamp(above, 0L, full)];
  }
  return line;
}

std::string padded(const std::string& text, std::size_t width) {
  const std::size_t length = width_of(text);
  return text + std::string(width > length ? width - length : 0, ' ');
}

std::string without_trailing_space(const std::string& line) {
  return line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
}

}  // namespace

std::vector<std::size_t> spread_evenly(std::size_t all, std::size_t most) {
  const std::size_t count = std::min(all, most);
  std::vector<std::size_t> indices;
  for (std::size_t i = 0; i < count; ++i)
    indices.push_back(count == 1 ? 0 : i * (all - 1) / (count - 1));
  return indices;
}

std::string block_line(std::span<const double> values, double largest, std::size_t columns) {
  std::string line;
  for (const std::size_t i : spread_evenly(values.size(), columns))
    line += heights[values[i] > 0 ? std::max(1L, std::lround(full * values[i] / largest)) : 0];
  return line;
}

std::string block_charts(const std::vector<BlockSeries>& series, std::size_t width,
                         std::size_t rows) {
  const LevelSpan span = span_of(series);
  if (span.least > span.largest) return "";
  const std::string high = fmt::format("{:.3g}", span.largest);
  const std::string low = fmt::format("{:.3g}", span.least);
  const std::size_t labels = std::max(high.size(), low.size()) + 1;
  const std::size_t taken = labels + series.size() * (1 + gap);
  const std::size_t columns = width > taken ? (width - taken) / series.size() : 0;
  std::size_t longest = 0;
  for (const BlockSeries& one : series) {
    if (width_of(one.name) > columns) return "";
    const std::size_t drawn = std::min(columns, one.values.size() * column_width(one, columns));
    longest = std::max({longest, drawn, width_of(one.name)});
  }
  std::string result;
  for (std::size_t row = rows; row-- > 0;) {
    std::string line = padded(row == rows - 1 ? high : row == 0 ? low : "", labels);
    for (const BlockSeries& one : series)
      line += "┤" + padded(row_of(one, span, row, rows, columns), longest + gap);
    result += without_trailing_space(line);
  }
  std::string names(labels, ' ');
  for (const BlockSeries& one : series) names += ' ' + padded(one.name, longest + gap);
  return result + without_trailing_space(names);
}

}  // namespace gradus::pictures
