#include "data/picture/even_light.hpp"

#include <algorithm>
#include <cmath>

namespace gradus::data {
namespace {

constexpr double even = 0.15;  // the largest difference of even light, of the brightest ground
constexpr double dark_ground = 0.25;  // differences of a darker ground count as those of this one
constexpr double nearly_black = 0.1;  // too few grey values are left to divide
constexpr float least_ground = 0.02f;

double quantile(std::vector<double> values, double part) {
  const auto at =
      values.begin() + static_cast<int64_t>(part * static_cast<double>(std::ssize(values) - 1));
  std::ranges::nth_element(values, at);
  return *at;
}

// The median of each pixel and its neighbours: removes noise, keeps the edges of shadows.
Plane without_noise(const Plane& plane) {
  Plane result(plane.height, plane.width);
  for (int64_t y = 0; y < plane.height; ++y)
    for (int64_t x = 0; x < plane.width; ++x) {
      std::array<float, 9> near{};
      auto end = near.begin();
      for (int64_t row = std::max<int64_t>(0, y - 1); row < std::min(plane.height, y + 2); ++row)
        for (int64_t column = std::max<int64_t>(0, x - 1); column < std::min(plane.width, x + 2);
             ++column)
          *end++ = plane.at(row, column);
      const auto middle = near.begin() + (end - near.begin()) / 2;
      std::nth_element(near.begin(), middle, end);
      result.at(y, x) = *middle;
    }
  return result;
}

enum class Extreme : uint8_t { smallest, largest };

Extreme opposite(Extreme which) {
  return which == Extreme::largest ? Extreme::smallest : Extreme::largest;
}

// The extreme of each pixel's square from −reach to reach. A step joins squares that overlap or
// touch, so that few steps are needed.
Plane extreme(Plane plane, int64_t reach, Extreme which) {
  const int64_t height = plane.height, width = plane.width;
  const auto pick = [&](float a, float b, float c) {
    return which == Extreme::largest ? std::max({a, b, c}) : std::min({a, b, c});
  };
  Plane next = plane;
  for (int64_t reached = 0; reached < reach;) {
    const int64_t step = std::min(2 * reached + 1, reach - reached);
    const auto row = [&](int64_t y) {
      return plane.values.data() + std::clamp<int64_t>(y, 0, height - 1) * width;
    };
    for (int64_t y = 0; y < height; ++y) {
      const float *before = row(y - step), *here = row(y), *after = row(y + step);
      float* to = next.values.data() + y * width;
      for (int64_t x = 0; x < width; ++x) to[x] = pick(before[x], here[x], after[x]);
    }
    std::swap(plane, next);
    for (int64_t y = 0; y < height; ++y) {
      const float* here = row(y);
      float* to = next.values.data() + y * width;
      for (int64_t x = 0; x < width; ++x)
        to[x] = pick(here[std::max<int64_t>(0, x - step)], here[x],
                     here[std::min(width - 1, x + step)]);
    }
    std::swap(plane, next);
    reached += step;
  }
  return plane;
}

// The plane with its edge pixels repeated `margin` times on each side.
Plane extended(const Plane& plane, int64_t margin) {
  Plane result(plane.height + 2 * margin, plane.width + 2 * margin);
  for (int64_t y = 0; y < result.height; ++y)
    for (int64_t x = 0; x < result.width; ++x)
      result.at(y, x) = plane.at(std::clamp<int64_t>(y - margin, 0, plane.height - 1),
                                 std::clamp<int64_t>(x - margin, 0, plane.width - 1));
  return result;
}

Plane inner(const Plane& plane, int64_t margin) {
  Plane result(plane.height - 2 * margin, plane.width - 2 * margin);
  for (int64_t y = 0; y < result.height; ++y)
    for (int64_t x = 0; x < result.width; ++x) result.at(y, x) = plane.at(y + margin, x + margin);
  return result;
}

// Squares are this large to each side.
int64_t largest_reach(const Plane& picture) {
  return std::max<int64_t>(1, std::min(picture.height, picture.width) / 6);
}

// The closing (`first` is the largest) or opening. Squares may reach over the edge: what is visible
// of a shadow or of the paper there may be narrower than they are.
Plane ground_of(const Plane& picture, Extreme first, int64_t reach) {
  const Plane large = extended(picture, 2 * reach);
  return inner(extreme(extreme(large, reach, first), reach, opposite(first)), 2 * reach);
}

// The brightest ground, without the brightest twentieth.
double brightest(const Plane& ground) {
  return quantile(border(ground), 0.95);
}

bool is_even(const Plane& ground) {
  const double light = brightest(ground);
  return light - quantile(border(ground), 0.05) <= even * std::max(light, dark_ground);
}

// The sum of the differences of at least a quarter of the largest one: those of light that falls
// off are small, but everywhere.
double distance(const Plane& a, const Plane& b) {
  std::vector<double> differences;
  for (std::size_t i = 0; i < a.values.size(); ++i)
    differences.push_back(std::abs(double{a.values[i]} - b.values[i]));
  const double least = *std::ranges::max_element(differences) / 4;
  double sum = 0;
  for (const double difference : differences) sum += difference >= least ? difference : 0;
  return sum;
}

// Lines vanish in squares a little wider than they are, the paper between them only in wider ones.
// So the ink is what differs most for the width of the squares.
bool light_ink(const Plane& picture) {
  double most = 0;
  for (int64_t reach = largest_reach(picture); reach > 0; reach = 2 * reach / 3) {
    const double light = distance(picture, ground_of(picture, Extreme::smallest, reach));
    const double dark = distance(picture, ground_of(picture, Extreme::largest, reach));
    const double more = (light - dark) / static_cast<double>(reach);
    if (std::abs(more) > std::abs(most)) most = more;
  }
  return most > 0;
}

double contrast(Plane ink, double light, bool ink_is_lighter) {
  for (float& value : ink.values) {
    const double more = value - light;
    value = static_cast<float>(std::max(0.0, ink_is_lighter ? more : -more));
  }
  return mean_above(ink, otsu_threshold(ink));
}

}  // namespace

std::optional<Flattened> flattened(const Plane& picture, std::optional<bool> ink_is_lighter) {
  const Plane smooth = without_noise(picture);
  const int64_t reach = largest_reach(picture);
  const Plane closing = ground_of(smooth, Extreme::largest, reach);
  if (is_even(closing)) return std::nullopt;
  const Plane opening = ground_of(smooth, Extreme::smallest, reach);
  if (is_even(opening)) return std::nullopt;

  const bool lighter = ink_is_lighter ? *ink_is_lighter : light_ink(picture);
  // Without noise a shadow may begin a pixel earlier or later. On a dark ground this hardly
  // matters.
  const Plane ground = lighter ? opening : extreme(closing, 1, Extreme::smallest);
  const double light = lighter ? brightest(ground) : 1;
  Flattened result{.plane = picture, .ink_is_lighter = lighter};
  for (std::size_t i = 0; i < picture.values.size(); ++i) {
    const double here = std::max(least_ground, ground.values[i]);
    result.plane.values[i] = static_cast<float>(std::min(1.0, picture.values[i] * light / here));
  }
  result.contrast = contrast(result.plane, light, lighter);
  const bool black = !lighter && quantile(border(ground), 0.05) < nearly_black;
  result.doubtful =
      black || !is_even(ground_of(without_noise(result.plane),
                                  lighter ? Extreme::smallest : Extreme::largest, reach));
  return result;
}

}  // namespace gradus::data
