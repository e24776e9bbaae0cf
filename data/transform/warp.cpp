#include "data/transform/warp.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/math.hpp"

namespace gradus::data {
namespace {

double radians(double degrees) {
  return degrees * std::numbers::pi / 180;
}

// The sine of an angle in degrees. Its zeros are exact, so that quarter turns move pixels onto
// pixels.
double sine(double degrees) {
  return std::fmod(degrees, 180) == 0 ? 0 : math::sin(radians(degrees));
}

// Adds a border of one black pixel: the resampling then needs no tests for edges.
void copy_with_border(const float* from, float* to, int64_t height, int64_t width) {
  const int64_t pitch = width + 2;
  std::fill_n(to, pitch * (height + 2), 0.f);
  for (int64_t y = 0; y < height; ++y)
    std::copy_n(from + y * width, width, to + (y + 1) * pitch + 1);
}

// A position in an image with a border: its upper left pixel, and the distance from that pixel.
struct SourcePlace {
  int32_t index;
  float x, y;
};

std::vector<SourcePlace> places_of(const Warp& warp) {
  const auto& [height, width, affine, dx, dy] = warp;
  const double middle_x = static_cast<double>(width - 1) / 2;
  const double middle_y = static_cast<double>(height - 1) / 2;
  const auto right = static_cast<float>(width + 1), bottom = static_cast<float>(height + 1);
  std::vector<SourcePlace> places(static_cast<std::size_t>(height * width));
  for (int64_t row = 0; row < height; ++row) {
    const double y = static_cast<double>(row) - middle_y;
    const auto from_x = static_cast<float>(affine.xy * y + affine.x0 + middle_x + 1);
    const auto from_y = static_cast<float>(affine.yy * y + affine.y0 + middle_y + 1);
    for (int64_t column = 0; column < width; ++column) {
      const auto i = static_cast<std::size_t>(row * width + column);
      const double x = static_cast<double>(column) - middle_x;
      float px = static_cast<float>(affine.xx * x) + from_x;
      float py = static_cast<float>(affine.yx * x) + from_y;
      if (!dx.empty()) {
        px += dx[i];
        py += dy[i];
      }
      px = std::clamp(px, 0.f, right);
      py = std::clamp(py, 0.f, bottom);
      const int32_t left = std::min(static_cast<int32_t>(px), static_cast<int32_t>(width));
      const int32_t top = std::min(static_cast<int32_t>(py), static_cast<int32_t>(height));
      places[i] = {top * static_cast<int32_t>(width + 2) + left, px - static_cast<float>(left),
                   py - static_cast<float>(top)};
    }
  }
  return places;
}

// sum[i] += weight·from[i + offset] for all i where both exist, in one loop over n values.
void add_moved(std::vector<float>& sum, float weight, const std::vector<float>& from,
               int64_t offset) {
  const auto n = std::ssize(sum);
  float* __restrict to = sum.data();
  const float* values = from.data() + offset;
  const int64_t end = std::min(n, n - offset);
  for (int64_t i = std::max<int64_t>(0, -offset); i < end; ++i) to[i] += weight * values[i];
}

// Uniform in [−1, 1]. Each draw gives four values of 16 bits: finer steps would not be visible.
void draw_uniform(float* to, int64_t n, Rng& rng) {
  for (int64_t i = 0; i < n; i += 4) {
    uint64_t bits = rng.bits();
    for (int64_t j = i; j < std::min(i + 4, n); ++j, bits >>= 16)
      to[j] = static_cast<float>(bits & 0xFFFF) / 32767.5f - 1;
  }
}

}  // namespace

Affine Affine::then(const Affine& next) const {
  return {xx * next.xx + xy * next.yx,      xx * next.xy + xy * next.yy,
          xx * next.x0 + xy * next.y0 + x0, yx * next.xx + yy * next.yx,
          yx * next.xy + yy * next.yy,      yx * next.x0 + yy * next.y0 + y0};
}

Affine Affine::rotation(double degrees) {
  const double s = sine(degrees), c = sine(degrees + 90);
  return {.xx = c, .xy = -s, .yx = s, .yy = c};
}

Affine Affine::shear(double degrees) {
  return {.xy = math::tan(radians(degrees))};
}

// from (channels, height, width) → to (channels, height, width)
void warp_image(const float* from, float* to, int64_t channels, const Warp& warp) {
  const auto& [height, width, affine, dx, dy] = warp;
  const int64_t pixels = height * width, pitch = width + 2;
  const std::vector<SourcePlace> places = places_of(warp);
  std::vector<float> bordered(static_cast<std::size_t>(pitch * (height + 2)));
  for (int64_t channel = 0; channel < channels; ++channel) {
    copy_with_border(from + channel * pixels, bordered.data(), height, width);
    for (int64_t i = 0; i < pixels; ++i) {
      const auto& [index, x, y] = places[static_cast<std::size_t>(i)];
      const float* upper = bordered.data() + index;
      const float* lower = upper + pitch;
      const float above = upper[0] + x * (upper[1] - upper[0]);
      const float below = lower[0] + x * (lower[1] - lower[0]);
      to[channel * pixels + i] = above + y * (below - above);
    }
  }
}

Tensor warped(const Tensor& image, const Warp& warp) {
  require(image.rank() == 3 && image.size(1) == warp.height && image.size(2) == warp.width,
          "warped", "the image must be (C, {}, {}), got {}", warp.height, warp.width,
          image.shape());
  const auto field = static_cast<std::size_t>(warp.height * warp.width);
  require(warp.dx.size() == warp.dy.size() && (warp.dx.empty() || warp.dx.size() == field),
          "warped", "displacements must have {} values in each direction, got {} and {}", field,
          warp.dx.size(), warp.dy.size());
  Tensor result = Tensor::empty(image.shape());
  warp_image(image.data<float>(), result.mutable_data<float>(), image.size(0), warp);
  return result;
}

ElasticField::ElasticField(double alpha, double sigma) : alpha_(static_cast<float>(alpha)) {
  require(alpha >= 0 && alpha <= 10000, "elastic", "alpha must be 0 to 10000, got {}", alpha);
  require(sigma > 0 && sigma <= 100, "elastic", "sigma must be above 0 and at most 100, got {}",
          sigma);
  radius_ = static_cast<int64_t>(std::ceil(3 * sigma));
  double total = 0;
  std::vector<double> heights;
  for (int64_t i = -radius_; i <= radius_; ++i) {
    const double z = static_cast<double>(i) / sigma;
    heights.push_back(math::exp(-z * z / 2));
    total += heights.back();
  }
  for (const double height : heights) kernel_.push_back(static_cast<float>(height / total));
}

// Convolves field (height, pitch) along the columns, then along the rows. Each row is followed by
// at least `reach` zeros, so that values of one row don't reach the next.
std::vector<float> ElasticField::smooth(const std::vector<float>& field, int64_t pitch,
                                        int64_t reach) const {
  std::vector<float> columns(field.size()), result(field.size());
  const int64_t height = std::ssize(field) / pitch;
  const int64_t rows = std::min(radius_, height - 1);
  for (int64_t i = -rows; i <= rows; ++i)
    add_moved(columns, kernel_[static_cast<std::size_t>(i + radius_)], field, i * pitch);
  for (int64_t i = -reach; i <= reach; ++i)
    add_moved(result, kernel_[static_cast<std::size_t>(i + radius_)], columns, i);
  return result;
}

void ElasticField::add_to(Warp& warp, Rng& rng) const {
  const auto& [height, width, affine, dx, dy] = warp;
  const int64_t reach = std::min(radius_, width - 1), pitch = width + reach;
  std::vector<float> noise(static_cast<std::size_t>(height * pitch));
  for (std::vector<float>* field : {&warp.dx, &warp.dy}) {
    for (int64_t y = 0; y < height; ++y) draw_uniform(noise.data() + y * pitch, width, rng);
    const std::vector<float> smoothed = smooth(noise, pitch, reach);
    field->resize(static_cast<std::size_t>(height * width));
    for (int64_t y = 0; y < height; ++y)
      for (int64_t x = 0; x < width; ++x)
        (*field)[static_cast<std::size_t>(y * width + x)] +=
            alpha_ * smoothed[static_cast<std::size_t>(y * pitch + x)];
  }
}

}  // namespace gradus::data
