// block_line, block_charts: charts for the terminal in block characters.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace gradus::pictures {

/// At most `most` of the indices 0 … all−1, evenly spaced, including the first and the last.
std::vector<std::size_t> spread_evenly(std::size_t all, std::size_t most);

/// A line of at most `columns` blocks, whose heights show the values from 0 to `largest`, which
/// must be positive. Positive values are never blank, NaN is always blank.
std::string block_line(std::span<const double> values, double largest, std::size_t columns);

struct BlockSeries {
  std::string name;
  std::vector<double> values;
};

/// Series side by side with a common scale, in columns of blocks with the name below, at most
/// `width` columns wide:
///
///   2.31 ┤█▄         ┤▆▂
///   0.05 ┤██▇▃▂▁     ┤██▇▅▄▄
///         training    test
///
/// A value takes one column, or several if there are few; if there are too many, evenly spaced ones
/// are drawn. Empty if no value is finite, or `width` is too small for the names.
std::string block_charts(const std::vector<BlockSeries>& series, std::size_t width,
                         std::size_t rows = 5);

}  // namespace gradus::pictures
