#include "data/picture/plane.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace gradus::data {
namespace {

constexpr float half = 0.5f;

struct Pixel {
  int64_t y, x;
};

// The connected parts of the values 0.5 and more: the part's number (from 1) for each such pixel, 0
// for the others.
struct Parts {
  std::vector<std::size_t> number;
  std::vector<int64_t> sizes = {0};  ///< by number

  explicit Parts(const Plane& plane) : number(plane.values.size()) {
    for (int64_t y = 0; y < plane.height; ++y)
      for (int64_t x = 0; x < plane.width; ++x)
        if (is_new(plane, y, x)) fill(plane, {y, x});
  }

 private:
  std::size_t& number_at(const Plane& plane, int64_t y, int64_t x) {
    return number[static_cast<std::size_t>(y * plane.width + x)];
  }

  bool is_new(const Plane& plane, int64_t y, int64_t x) {
    return y >= 0 && y < plane.height && x >= 0 && x < plane.width && plane.at(y, x) >= half &&
           number_at(plane, y, x) == 0;
  }

  void fill(const Plane& plane, Pixel start) {
    std::vector<Pixel> open;
    const auto take = [&](int64_t y, int64_t x) {
      if (!is_new(plane, y, x)) return;
      number_at(plane, y, x) = sizes.size() - 1;
      ++sizes.back();
      open.push_back({y, x});
    };
    sizes.push_back(0);
    take(start.y, start.x);
    while (!open.empty()) {
      const Pixel pixel = open.back();
      open.pop_back();
      for (int64_t y = pixel.y - 1; y <= pixel.y + 1; ++y)
        for (int64_t x = pixel.x - 1; x <= pixel.x + 1; ++x) take(y, x);
    }
  }
};

// The source pixels below each pixel of a row scaled to `size`, with the fraction each covers.
struct Cover {
  struct Part {
    int64_t source;
    double weight;
  };
  std::vector<std::vector<Part>> parts;

  Cover(int64_t first, int64_t count, int64_t size) : parts(static_cast<std::size_t>(size)) {
    const double step = static_cast<double>(count) / static_cast<double>(size);
    for (int64_t i = 0; i < size; ++i) {
      const double low = static_cast<double>(i) * step, high = low + step;
      for (auto source = static_cast<int64_t>(low);
           source < count && static_cast<double>(source) < high; ++source) {
        const double overlap = std::min(high, static_cast<double>(source + 1)) -
                               std::max(low, static_cast<double>(source));
        parts[static_cast<std::size_t>(i)].push_back({first + source, overlap / step});
      }
    }
  }
};

}  // namespace

Plane plane(const Tensor& image, int64_t channel) {
  Plane result(image.size(1), image.size(2));
  const auto pixels = std::ssize(result.values);
  std::copy_n(image.data<float>() + channel * pixels, pixels, result.values.begin());
  return result;
}

Plane grey(const Tensor& image) {
  constexpr std::array<float, 3> weights{0.299f, 0.587f, 0.114f};
  Plane result = plane(image, 0);
  if (image.size(0) == 1) return result;
  std::ranges::fill(result.values, 0.f);
  for (std::size_t channel = 0; channel < weights.size(); ++channel) {
    const Plane colour = plane(image, static_cast<int64_t>(channel));
    for (std::size_t i = 0; i < result.values.size(); ++i)
      result.values[i] += weights[channel] * colour.values[i];
  }
  return result;
}

Box box_of(const Plane& plane, float least) {
  Box box{plane.height, plane.width, 0, 0};
  for (int64_t y = 0; y < plane.height; ++y)
    for (int64_t x = 0; x < plane.width; ++x) {
      if (plane.at(y, x) < least) continue;
      box = {std::min(box.top, y), std::min(box.left, x), std::max(box.bottom, y + 1),
             std::max(box.right, x + 1)};
    }
  return box.bottom == 0 ? Box{} : box;
}

Point middle(const Box& box) {
  return {static_cast<double>(box.top + box.bottom - 1) / 2,
          static_cast<double>(box.left + box.right - 1) / 2};
}

Point centre_of_mass(const Plane& plane) {
  double mass = 0;
  Point sum;
  for (int64_t y = 0; y < plane.height; ++y)
    for (int64_t x = 0; x < plane.width; ++x) {
      const double value = plane.at(y, x);
      mass += value;
      sum.row += value * static_cast<double>(y);
      sum.column += value * static_cast<double>(x);
    }
  return {sum.row / mass, sum.column / mass};
}

double thickness(const Plane& plane) {
  const auto is_ink = [&](int64_t y, int64_t x) {
    return y >= 0 && y < plane.height && x >= 0 && x < plane.width && plane.at(y, x) >= half;
  };
  double area = 0, edges = 0;
  for (int64_t y = 0; y < plane.height; ++y)
    for (int64_t x = 0; x < plane.width; ++x) {
      if (!is_ink(y, x)) continue;
      area += 1;
      edges += !is_ink(y - 1, x) + !is_ink(y + 1, x) + !is_ink(y, x - 1) + !is_ink(y, x + 1);
    }
  return area == 0 ? 0 : 2 * area / (edges * std::numbers::pi / 4);
}

float otsu_threshold(const Plane& plane) {
  constexpr std::size_t bins = 256;
  std::array<double, bins> counts{};
  for (const float value : plane.values)
    counts[static_cast<std::size_t>(std::lround(std::clamp(value, 0.f, 1.f) * (bins - 1)))] += 1;
  const double all = static_cast<double>(plane.values.size());
  double sum = 0;
  for (std::size_t i = 0; i < bins; ++i) sum += counts[i] * static_cast<double>(i);
  double below = 0, sum_below = 0, largest = -1;
  // All thresholds in a gap between the two are equally good: the middle one is taken.
  std::size_t first = 0, last = 0;
  for (std::size_t i = 0; i + 1 < bins; ++i) {
    below += counts[i];
    sum_below += counts[i] * static_cast<double>(i);
    if (below == 0 || below == all) continue;
    const double gap = sum_below / below - (sum - sum_below) / (all - below);
    const double variance = below * (all - below) * gap * gap;
    if (variance > largest) {
      largest = variance;
      first = i;
    }
    if (variance >= largest) last = i;
  }
  return (static_cast<float>(first + last) / 2 + 0.5f) / (bins - 1);
}

double mean_above(const Plane& plane, float limit) {
  double sum = 0, count = 0;
  for (const float value : plane.values) {
    sum += value > limit ? static_cast<double>(value) : 0;
    count += value > limit;
  }
  return count == 0 ? 0 : sum / count;
}

std::vector<double> border(const Plane& plane) {
  std::vector<double> result;
  for (int64_t y = 0; y < plane.height; ++y)
    for (int64_t x = 0; x < plane.width; ++x)
      if (y == 0 || x == 0 || y == plane.height - 1 || x == plane.width - 1)
        result.push_back(plane.at(y, x));
  return result;
}

Plane scaled(const Plane& plane, const Box& box, int64_t height, int64_t width) {
  const Cover rows(box.top, box.height(), height), columns(box.left, box.width(), width);
  Plane result(height, width);
  for (int64_t y = 0; y < height; ++y)
    for (int64_t x = 0; x < width; ++x) {
      double sum = 0;
      for (const auto& [row, part] : rows.parts[static_cast<std::size_t>(y)])
        for (const auto& [column, of_part] : columns.parts[static_cast<std::size_t>(x)])
          sum += plane.at(row, column) * part * of_part;
      result.at(y, x) = static_cast<float>(sum);
    }
  return result;
}

Plane thickened(const Plane& plane, double radius) {
  const auto reach = static_cast<int64_t>(radius);
  Plane result(plane.height + 2 * reach, plane.width + 2 * reach);
  for (int64_t y = -reach; y <= reach; ++y)
    for (int64_t x = -reach; x <= reach; ++x) {
      if (static_cast<double>(y * y + x * x) > radius * radius) continue;
      for (int64_t row = 0; row < plane.height; ++row)
        for (int64_t column = 0; column < plane.width; ++column) {
          float& value = result.at(row + reach + y, column + reach + x);
          value = std::max(value, plane.at(row, column));
        }
    }
  return result;
}

void drop_specks(Plane& plane, double share) {
  const Parts parts(plane);
  const auto least = share * static_cast<double>(*std::ranges::max_element(parts.sizes));
  // Pixels of a part's soft edge have neighbours in the part.
  const auto belongs = [&](int64_t y, int64_t x) {
    for (int64_t row = std::max<int64_t>(0, y - 1); row < std::min(plane.height, y + 2); ++row)
      for (int64_t column = std::max<int64_t>(0, x - 1); column < std::min(plane.width, x + 2);
           ++column) {
        const std::size_t number =
            parts.number[static_cast<std::size_t>(row * plane.width + column)];
        if (number > 0 && static_cast<double>(parts.sizes[number]) >= least) return true;
      }
    return false;
  };
  for (int64_t y = 0; y < plane.height; ++y)
    for (int64_t x = 0; x < plane.width; ++x)
      if (!belongs(y, x)) plane.at(y, x) = 0;
}

}  // namespace gradus::data
