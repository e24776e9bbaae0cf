// Histograms as SVG: many small ones on a common axis.
#pragma once

#include "apps/pictures/axis.hpp"

namespace gradus::pictures {

/// One small histogram, drawn as high as the largest of its shares.
struct Histogram {
  std::string name;
  std::string note;          ///< below the name: a mean, a deviation
  double low = 0, high = 1;  ///< places (see placed()) where the first bin begins and the last ends
  std::vector<double> shares = {};  ///< of the values, in bins of equal width
};

/// Histograms of one kind. With the same low and high their places and widths compare.
struct HistogramGroup {
  std::string title, x_label;
  Scale scale = Scale::linear;
  std::vector<Histogram> histograms = {};
};

/// The groups below each other, each in rows of four. Throws std::invalid_argument unless
/// low < high in each histogram.
std::string render(const std::vector<HistogramGroup>& groups);

}  // namespace gradus::pictures
