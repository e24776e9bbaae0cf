// ParallelCoordinates: a chart with an axis for each dimension and a line for each point; render:
// draws it as SVG.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace gradus::pictures {

/// An axis. Places are 0 … 1, from the bottom to the top.
struct ParallelAxis {
  struct Tick {
    double place;
    std::string text;
  };

  std::string name;
  std::vector<Tick> ticks;
};

struct ParallelLine {
  std::vector<std::optional<double>> places;  ///< on each axis; empty ones are drawn below the axis
  double strength = 1;                        ///< opacity, 0 … 1
  bool highlighted = false;                   ///< in another colour, above the other lines
  std::string tooltip = {};
};

struct ParallelCoordinates {
  std::string title, subtitle;
  std::vector<ParallelAxis> axes;
  std::vector<ParallelLine> lines;
};

/// A self-contained image for light and dark screens. Throws std::invalid_argument for fewer than
/// two axes, and for a line with another number of places than axes.
std::string render(const ParallelCoordinates& coordinates);

}  // namespace gradus::pictures
