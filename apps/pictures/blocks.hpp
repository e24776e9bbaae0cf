// block_line, block_charts: pictures for the terminal, in block characters.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace gradus::pictures {

/// So many of the indices 0 … all−1, evenly, the first and the last among them; all of them where
/// there are no more.
std::vector<std::size_t> spread_evenly(std::size_t all, std::size_t most);

/// A line of at most `columns` blocks, as high as the values are from 0 to `largest` (above 0).
/// What is above 0 is never blank, what is NaN always.
std::string block_line(std::span<const double> values, double largest, std::size_t columns);

struct BlockSeries {
  std::string name;
  std::vector<double> values;
};

/// Series beside each other on one scale, in columns of blocks with the name below, not wider than
/// `width`:
///
///   2.31 ┤█▄         ┤▆▂
///   0.05 ┤██▇▃▂▁     ┤██▇▅▄▄
///         training    test
///
/// A value is a column or, of few, several; of many only as many are drawn as there is room for.
/// Empty where no value is finite, or the width has no room for the names.
std::string block_charts(const std::vector<BlockSeries>& series, std::size_t width,
                         std::size_t rows = 5);

}  // namespace gradus::pictures
