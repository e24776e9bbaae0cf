// Histogram, HistogramGroup: small histograms in groups; render: draws them as SVG.
#pragma once

#include "apps/pictures/axis.hpp"

namespace gradus::pictures {

/// A small histogram, scaled to its highest bin.
struct Histogram {
  std::string name;
  std::string note;                 ///< below the name: mean and standard deviation
  double low = 0, high = 1;         ///< the ends of the axis, as places (see placed())
  std::vector<double> shares = {};  ///< the fraction of the values in each of the equal bins
};

/// Histograms of one kind. If `low` and `high` are the same, positions and widths are comparable.
struct HistogramGroup {
  std::string title, x_label;
  AxisScale scale = AxisScale::linear;
  std::vector<Histogram> histograms = {};
};

/// Draws the groups one below the other, each in rows of four. Throws std::invalid_argument unless
/// low < high in each histogram.
std::string render(const std::vector<HistogramGroup>& groups);

}  // namespace gradus::pictures
