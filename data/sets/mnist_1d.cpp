#include "data/sets/mnist_1d.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "core/math.hpp"

namespace gradus::data {
namespace {

using Signal = std::vector<double>;

constexpr int64_t digit_count = 10, template_length = 12, dilated = 72, signal_length = 40;
constexpr int64_t least_padding = 36, most_padding = 60, places_moved = 48;
constexpr double scale_range = 0.4, slope_range = 0.75;
constexpr double smooth_noise = 0.25, smooth_width = 2, white_noise = 0.02;

// The shape of each digit.
constexpr std::array<std::array<double, template_length>, digit_count> digit_shapes{
    {{5, 6, 6.5, 6.75, 7, 7, 7, 7, 6.75, 6.5, 6, 5},
     {5, 3, 3, 3.4, 3.8, 4.2, 4.6, 5, 5.4, 5.8, 5, 5},
     {5, 6, 6.5, 6.5, 6, 5.25, 4.75, 4, 3.5, 3.5, 4, 5},
     {5, 6, 6.5, 6.5, 6, 5, 5, 6, 6.5, 6.5, 6, 5},
     {5, 4.4, 3.8, 3.2, 2.6, 2.6, 5, 5, 5, 5, 5, 5},
     {5, 3, 3, 3, 3, 5, 6, 6.5, 6.5, 6, 4.5, 5},
     {5, 4, 3.5, 3.25, 3, 3, 3, 3, 3.25, 3.5, 4, 5},
     {5, 7, 7, 6.6, 6.2, 5.8, 5.4, 5, 4.6, 4.2, 5, 5},
     {5, 4, 3.5, 3.5, 4, 5, 5, 4, 3.5, 3.5, 4, 5},
     {5, 4, 3.5, 3.5, 4, 5, 5, 5, 5, 4.7, 4.3, 5}}};

// (shape − its first value)/(6·its deviation)
Signal template_of(int64_t label) {
  const auto& shape = digit_shapes[static_cast<std::size_t>(label)];
  double sum = 0, squares = 0;
  for (const double value : shape) sum += value;
  const double mean = sum / template_length;
  for (const double value : shape) squares += (value - mean) * (value - mean);
  const double deviation = std::sqrt(squares / template_length);
  Signal result;
  for (const double value : shape) result.push_back((value - shape[0]) / (6 * deviation));
  return result;
}

// `count` evenly spaced values between the first and the last, interpolated linearly.
Signal interpolated(const Signal& x, int64_t count) {
  Signal result;
  const auto last = static_cast<int64_t>(x.size()) - 1;
  for (int64_t i = 0; i < count; ++i) {
    const int64_t first = std::min(i * last / (count - 1), last - 1);
    const auto below = static_cast<std::size_t>(first);
    const double part =
        static_cast<double>(i * last - first * (count - 1)) / static_cast<double>(count - 1);
    result.push_back(x[below] + (x[below + 1] - x[below]) * part);
  }
  return result;
}

// Normal noise smoothed by a Gaussian of `smooth_width`, cut at four times that, mirrored at the
// ends.
Signal smoothed_noise(int64_t count, Rng& rng) {
  constexpr int64_t radius = 8;
  Signal drawn, result;
  for (int64_t i = 0; i < count; ++i) drawn.push_back(smooth_noise * rng.normal());
  const auto mirrored = [&](int64_t i) {
    return drawn[static_cast<std::size_t>(i < 0 ? -1 - i : i < count ? i : 2 * count - 1 - i)];
  };
  for (int64_t i = 0; i < count; ++i) {
    double sum = 0, weights = 0;
    for (int64_t j = -radius; j <= radius; ++j) {
      const double distance = static_cast<double>(j) / smooth_width;
      const double weight = math::exp(-0.5 * distance * distance);
      sum += weight * mirrored(i + j);
      weights += weight;
    }
    result.push_back(sum / weights);
  }
  return result;
}

Signal draw_signal(int64_t label, Rng& rng) {
  Signal x = template_of(label);
  x.resize(static_cast<std::size_t>(template_length + least_padding +
                                    rng.below(most_padding - least_padding + 1)));
  // Where the template is, whatever its values.
  Signal inside(x.size(), 0);
  std::fill_n(inside.begin(), template_length, 1);
  x = interpolated(x, dilated);
  inside = interpolated(inside, dilated);
  const double scale = 1 + scale_range * (rng.uniform() - 0.5);
  const int64_t moved = rng.below(places_moved);
  std::rotate(x.begin(), x.end() - moved, x.end());
  std::rotate(inside.begin(), inside.end() - moved, inside.end());
  const Signal outside = smoothed_noise(dilated, rng);
  const double slope = slope_range * (rng.uniform() - 0.5);
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] = inside[i] > 0 ? scale * x[i] : outside[i];
    x[i] += white_noise * rng.normal() - slope * (static_cast<double>(i) / (dilated - 1) - 0.5);
  }
  return interpolated(x, signal_length);
}

}  // namespace

Split mnist_1d(const Mnist1dOptions& options, Rng& rng) {
  require(options.samples > 0 && options.samples % digit_count == 0, "mnist_1d",
          "samples must be a positive multiple of {}, got {}", digit_count, options.samples);
  std::vector<int64_t> places(signal_length);
  std::iota(places.begin(), places.end(), 0);
  if (options.shuffled) places = rng.permutation(signal_length);
  std::vector<float> values;
  std::vector<int64_t> labels;
  for (int64_t i = 0; i < options.samples; ++i) {
    const Signal signal = draw_signal(i % digit_count, rng);
    for (const int64_t place : places)
      values.push_back(static_cast<float>(signal[static_cast<std::size_t>(place)]));
    labels.push_back(i % digit_count);
  }
  const Targets targets{TargetKind::classes, Tensor::from(labels, {options.samples}), digit_count};
  return normalized_by_train(Dataset::of_values(std::move(values), {1, signal_length, 1}, targets)
                                 .split(options.test_fraction, rng));
}

}  // namespace gradus::data
