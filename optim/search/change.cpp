#include "optim/search/change.hpp"

#include <algorithm>
#include <cmath>

namespace gradus::optim::detail {
namespace {

// Back into [0, 1].
double mirrored(double coordinate) {
  const double period = std::abs(std::remainder(coordinate, 2));
  return std::min(period, 2 - period);
}

}  // namespace

Point with_change(const SearchSpace& space, Point point, std::size_t parameter, double deviation,
                  Rng& rng) {
  const SearchParameter& changed = space.parameters()[parameter];
  double& coordinate = point[parameter];
  if (changed.kind != SearchParameter::Kind::list) {
    coordinate = mirrored(coordinate + deviation * rng.normal());
  } else if (const int64_t count = *changed.count(); count > 1) {
    const int64_t other = (changed.index(coordinate) + 1 + rng.below(count - 1)) % count;
    coordinate = changed.middle(other);
  }
  return point;
}

Point with_changes(const SearchSpace& space, const Point& point, double deviation, Rng& rng) {
  Point result = point;
  do {
    std::vector<std::size_t> active;
    for (std::size_t i = 0; i < space.size(); ++i)
      if (space.is_active(i, result)) active.push_back(i);
    const auto chosen = static_cast<std::size_t>(rng.below(static_cast<int64_t>(active.size())));
    result = with_change(space, std::move(result), active[chosen], deviation, rng);
  } while (rng.uniform() < 0.5);
  return result;
}

}  // namespace gradus::optim::detail
