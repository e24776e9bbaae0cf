#include "apps/pictures/colours.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "data/files/image.hpp"
#include "data/picture/plane.hpp"

namespace gradus::pictures {
namespace {

using Colour = std::array<double, 3>;  // red, green, blue, 0 … 1

// The colour of a place from -1 to 1.
Colour diverging_colour(double place) {
  static constexpr std::array<Colour, 5> stops = {{{0.13, 0.40, 0.67},
                                                   {0.57, 0.77, 0.87},
                                                   {0.97, 0.97, 0.97},
                                                   {0.96, 0.65, 0.51},
                                                   {0.70, 0.09, 0.17}}};
  if (std::isnan(place)) return {0.5, 0.5, 0.5};
  const double position = 2 * (std::clamp(place, -1., 1.) + 1);
  const auto stop = std::min<std::size_t>(3, static_cast<std::size_t>(position));
  const double part = position - static_cast<double>(stop);
  Colour colour;
  for (std::size_t i = 0; i < 3; ++i)
    colour[i] = (1 - part) * stops[stop][i] + part * stops[stop + 1][i];
  return colour;
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

Tensor diverging_colours(const Tensor& values, double limit) {
  require(values.rank() == 2, "diverging_colours", "needs values (H, W), got {}", values.shape());
  Tensor result = Tensor::empty({3, values.size(0), values.size(1)});
  const int64_t pixels = values.numel();
  const float* const value = values.data<float>();
  float* const out = result.mutable_data<float>();
  for (int64_t i = 0; i < pixels; ++i) {
    const Colour colour = diverging_colour(limit > 0 ? value[i] / limit : 0);
    for (std::size_t c = 0; c < 3; ++c)
      out[static_cast<int64_t>(c) * pixels + i] = static_cast<float>(colour[c]);
  }
  return result;
}

ColourBar diverging_bar(double limit) {
  constexpr int64_t steps = 65;
  Tensor ramp = Tensor::empty({1, steps});
  for (int64_t i = 0; i < steps; ++i)
    ramp.mutable_data<float>()[i] = static_cast<float>(2 * i) / (steps - 1) - 1;
  return {data::to_png(diverging_colours(ramp, 1)), fmt::format("{:.2g}", -limit),
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
  constexpr int64_t steps = 65;
  Tensor ramp = Tensor::empty({1, steps});
  for (int64_t i = 0; i < steps; ++i)
    ramp.mutable_data<float>()[i] = static_cast<float>(i) / (steps - 1);
  return {data::to_png(heat_over(Tensor::full({1, 1, steps}, 0.4), ramp, 1)), std::move(low),
          std::move(high)};
}

}  // namespace gradus::pictures
