// extremes, simplified: the same curve with fewer points. All numbers must be finite.
#pragma once

#include "apps/pictures/chart.hpp"

namespace gradus::pictures {

/// The smallest and the largest y of each of most/2 equal groups of consecutive points, in their
/// order: spikes stay. All points if there are at most `most`.
Series extremes(const Series& series, std::size_t most);

/// The points that a curve in the unit square needs, at most `most`, for lines between them that
/// are close to the others (Ramer 1972, Douglas and Peucker 1973).
Series simplified(const Series& series, std::size_t most);

}  // namespace gradus::pictures
