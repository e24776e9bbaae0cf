#include "data/picture/framing.hpp"

#include <algorithm>
#include <cmath>

#include "core/ops/shape.hpp"
#include "core/statistics.hpp"
#include "data/picture/plane.hpp"

namespace gradus::data {
namespace {

constexpr int64_t most_images = 1000;
constexpr double near = 0.02;        // counts as equal
constexpr double almost_all = 0.95;  // of the corners

// The median absolute deviation.
double spread(std::vector<double> values) {
  const double middle = median(values);
  for (double& value : values) value = std::abs(value - middle);
  return median(std::move(values));
}

std::vector<Plane> grey_planes(const Dataset& dataset) {
  const int64_t count = std::min(dataset.size(), most_images);
  std::vector<Plane> planes;
  for (int64_t i = 0; i < count; ++i) {
    const Tensor image = dataset.raw_batch(i, 1).inputs;
    planes.push_back(grey(reshape(image, image.shape().without(0))));
  }
  return planes;
}

// 0 or 1, if nearly all corners have that value.
std::optional<double> ground_of(const std::vector<Plane>& planes) {
  for (const double ground : {0.0, 1.0}) {
    int64_t equal = 0;
    for (const Plane& plane : planes)
      for (const int64_t y : {int64_t{0}, plane.height - 1})
        for (const int64_t x : {int64_t{0}, plane.width - 1})
          equal += std::abs(plane.at(y, x) - ground) < near;
    if (static_cast<double>(equal) >= almost_all * 4 * static_cast<double>(planes.size()))
      return ground;
  }
  return std::nullopt;
}

// The middles of all images, by one of the two measures.
struct Middles {
  std::vector<double> rows, columns;

  void add(const Point& point) {
    rows.push_back(point.row);
    columns.push_back(point.column);
  }
  double apart() const { return spread(rows) + spread(columns); }
};

}  // namespace

std::optional<Framing> find_framing(const Dataset& train) {
  const Shape sample = train.normalized({}).sample_shape();
  if (sample.rank() != 3 || (sample[0] != 1 && sample[0] != 3)) return std::nullopt;
  std::vector<Plane> planes = grey_planes(train);
  const std::optional<double> ground = ground_of(planes);
  if (!ground) return std::nullopt;

  Middles of_mass, of_box;
  std::vector<double> extents, strokes;
  for (Plane& plane : planes) {
    if (*ground > 0)
      for (float& value : plane.values) value = 1 - value;
    const Box box = box_of(plane, near);
    if (box.height() == 0) continue;
    of_mass.add(centre_of_mass(plane));
    of_box.add(middle(box));
    extents.push_back(static_cast<double>(std::max(box.height(), box.width())));
    strokes.push_back(thickness(plane));
  }
  if (extents.empty()) return std::nullopt;
  const bool by_mass = of_mass.apart() < of_box.apart();
  const Middles& middles = by_mass ? of_mass : of_box;
  return Framing{.ground = *ground,
                 .extent = static_cast<int64_t>(median(extents)),
                 .by_mass = by_mass,
                 .row = median(middles.rows),
                 .column = median(middles.columns),
                 .stroke = median(strokes)};
}

}  // namespace gradus::data
