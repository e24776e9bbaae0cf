// Points of many dimensions as SVG: an axis for each, a line for each point.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace gradus::pictures {

/// Places are 0 … 1, from the foot of the axis to its top.
struct ParallelAxis {
  struct Tick {
    double place;
    std::string text;
  };

  std::string name;
  std::vector<Tick> ticks;
};

struct ParallelLine {
  std::vector<std::optional<double>> places;  ///< one an axis; none is drawn below the axis
  double strength = 1;                        ///< 0 … 1: how clearly it is drawn
  bool highlighted = false;                   ///< in another colour, above the others
  std::string tooltip = {};
};

struct ParallelCoordinates {
  std::string title, subtitle;
  std::vector<ParallelAxis> axes;
  std::vector<ParallelLine> lines;
};

/// A self-contained image for light and dark screens. Throws std::invalid_argument for fewer than
/// two axes, and a line that hasn't a place for each.
std::string render(const ParallelCoordinates& coordinates);

}  // namespace gradus::pictures
