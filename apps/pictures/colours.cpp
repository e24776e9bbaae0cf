#include "apps/pictures/colours.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/ops/creation.hpp"
#include "core/ops/shape.hpp"
#include "data/files/image.hpp"
#include "data/picture/plane.hpp"

namespace gradus::pictures {
namespace {

using Colour = std::array<double, 3>;  // red, green, blue, 0 … 1

// The colour of a place from 0 (the first stop) to 1 (the last one).
template <std::size_t N>
Colour between(const std::array<Colour, N>& stops, double place) {
  if (std::isnan(place)) return {0.5, 0.5, 0.5};
  const double position = static_cast<double>(N - 1) * std::clamp(place, 0., 1.);
  const auto stop = std::min(N - 2, static_cast<std::size_t>(position));
  const double part = position - static_cast<double>(stop);
  Colour colour;
  for (std::size_t i = 0; i < 3; ++i)
    colour[i] = (1 - part) * stops[stop][i] + part * stops[stop + 1][i];
  return colour;
}

constexpr std::array<Colour, 5> diverging = {{{0.13, 0.40, 0.67},
                                              {0.57, 0.77, 0.87},
                                              {0.97, 0.97, 0.97},
                                              {0.96, 0.65, 0.51},
                                              {0.70, 0.09, 0.17}}};
constexpr std::array<Colour, 5> sequential = {{{0.97, 0.98, 1.00},
                                               {0.78, 0.86, 0.94},
                                               {0.42, 0.68, 0.84},
                                               {0.13, 0.44, 0.71},
                                               {0.03, 0.19, 0.42}}};

// An image (3, H, W) of the colours of values (H, W), in which colour(value) is the colour of one.
template <class ColourOf>
Tensor coloured(const char* operation, const Tensor& values, ColourOf colour_of) {
  require(values.rank() == 2, operation, "needs values (H, W), got {}", values.shape());
  Tensor result = Tensor::empty({3, values.size(0), values.size(1)});
  const int64_t pixels = values.numel();
  const float* const value = values.data<float>();
  float* const out = result.mutable_data<float>();
  for (int64_t i = 0; i < pixels; ++i) {
    const Colour colour = colour_of(value[i]);
    for (std::size_t c = 0; c < 3; ++c)
      out[static_cast<int64_t>(c) * pixels + i] = static_cast<float>(colour[c]);
  }
  return result;
}

// The values of a legend, from low to high.
Tensor ramp(double low, double high) {
  constexpr int64_t steps = 65;
  return linspace(low, high, steps).unsqueeze(0);
}

// The colour and the opacity of heat from 0 to 1.
std::pair<Colour, double> heat_colour(double heat) {
  static constexpr Colour mild = {1, 0.80, 0.20}, hot = {0.85, 0.05, 0.10};
  constexpr double fullest = 0.92;
  Colour colour;
  for (std::size_t i = 0; i < 3; ++i) colour[i] = (1 - heat) * mild[i] + heat * hot[i];
  return {colour, fullest * std::min(1., 1.5 * heat)};
}

// Less contrast than the image, so that colours stand out on black and on white.
constexpr double faded_black = 0.12, faded_white = 0.75;

}  // namespace

Tensor sequential_colours(const Tensor& values, double low, double high, int levels) {
  return coloured("sequential_colours", values, [&](double value) {
    const double place = high > low ? (value - low) / (high - low) : 0 * value;
    if (levels < 1) return between(sequential, place);
    const double level = std::floor(std::clamp(place, 0., 1.) * levels);
    return between(sequential, std::min(level, levels - 1.) / std::max(1, levels - 1));
  });
}

ColourBar sequential_bar(double low, double high, int levels) {
  // Less than a thousandth of the range can't be seen.
  const auto text = [&](double end) {
    return fmt::format("{:.3g}", std::abs(end) < (high - low) / 1000 ? 0 : end);
  };
  return {data::to_png(sequential_colours(ramp(low, high), low, high, levels)), text(low),
          text(high)};
}

Tensor diverging_colours(const Tensor& values, double limit) {
  return coloured("diverging_colours", values, [&](double value) {
    return between(diverging, limit > 0 ? (value / limit + 1) / 2 : 0.5);
  });
}

ColourBar diverging_bar(double limit) {
  return {data::to_png(diverging_colours(ramp(-1, 1), 1)), fmt::format("{:.2g}", -limit),
          fmt::format("{:.2g}", limit)};
}

Tensor heat_over(const Tensor& image, const Tensor& heat, double limit) {
  require(image.rank() == 3 && (image.size(0) == 1 || image.size(0) == 3) &&
              heat.shape() == image.shape().without(0),
          "heat_over", "needs an image (C, H, W) of 1 or 3 channels and heat (H, W), got {} and {}",
          image.shape(), heat.shape());
  const data::Plane ground = data::grey(image);
  const int64_t pixels = heat.numel();
  Tensor result = Tensor::empty(image.shape().with(0, 3));
  float* const out = result.mutable_data<float>();
  for (int64_t i = 0; i < pixels; ++i) {
    const double value = heat.data<float>()[i];
    const auto [colour, opacity] =
        heat_colour(limit > 0 && value > 0 ? std::min(1., value / limit) : 0);
    const double below =
        faded_black + (faded_white - faded_black) *
                          static_cast<double>(ground.values[static_cast<std::size_t>(i)]);
    for (std::size_t c = 0; c < 3; ++c)
      out[static_cast<int64_t>(c) * pixels + i] =
          static_cast<float>((1 - opacity) * below + opacity * colour[c]);
  }
  return result;
}

ColourBar heat_bar(std::string low, std::string high) {
  const Tensor heat = ramp(0, 1);
  return {data::to_png(heat_over(Tensor::full({1, 1, heat.size(1)}, 0.4), heat, 1)), std::move(low),
          std::move(high)};
}

}  // namespace gradus::pictures
