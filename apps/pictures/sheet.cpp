#include "apps/pictures/sheet.hpp"

#include <algorithm>
#include <cmath>

#include "apps/pictures/svg.hpp"
#include "data/files/image.hpp"
#include "data/picture/plane.hpp"

namespace gradus::pictures {
namespace {

constexpr double tile_gap = 12, line_height = 15, least_width = 460;
constexpr double bar_width = 160, bar_height = 12;

bool any_has(const Sheet& sheet, std::string Tile::*text) {
  return std::ranges::any_of(sheet.tiles, [&](const Tile& tile) { return !(tile.*text).empty(); });
}

void draw_bar(Canvas& canvas, const ColourBar& bar, double baseline) {
  const double low_width = character_width * static_cast<double>(bar.low.size()) + 8;
  canvas.text("label", margin, baseline, "start", bar.low);
  canvas.image(margin + low_width, baseline - 10, bar_width, bar_height, bar.png);
  canvas.text("label", margin + low_width + bar_width + 8, baseline, "start", bar.high);
}

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

std::string render(const Sheet& sheet) {
  require(sheet.columns > 0, "sheet", "needs at least one column");
  require(sheet.tile_width > 0 && sheet.tile_height > 0, "sheet",
          "the size of tiles must be positive, got {}×{}", sheet.tile_width, sheet.tile_height);
  const bool captions = any_has(sheet, &Tile::caption), notes = any_has(sheet, &Tile::note);
  const double tile_and_text =
      sheet.tile_height + tile_gap + line_height * (static_cast<int>(captions) + notes);
  const std::size_t columns = std::min(sheet.columns, std::max<std::size_t>(1, sheet.tiles.size()));
  const double width = std::max(
      least_width,
      2 * margin + static_cast<double>(columns) * (sheet.tile_width + tile_gap) - tile_gap);
  const std::size_t characters = characters_in(sheet.tile_width + tile_gap);

  Canvas canvas;
  canvas.text("title", margin, title_baseline, "start", sheet.title, characters_in(width, 15));
  canvas.text("label", margin, subtitle_baseline, "start", sheet.subtitle, characters_in(width));
  double top = subtitle_baseline + 16;
  if (sheet.bar) {
    draw_bar(canvas, *sheet.bar, top + 10);
    top += 28;
  }
  double bottom = top;
  for (std::size_t i = 0; i < sheet.tiles.size(); ++i) {
    const Tile& tile = sheet.tiles[i];
    const double x = margin + static_cast<double>(i % columns) * (sheet.tile_width + tile_gap);
    const double y = top + static_cast<double>(i / columns) * tile_and_text;
    const double middle = x + sheet.tile_width / 2;
    bottom = y + sheet.tile_height;
    canvas.image(x, y, sheet.tile_width, sheet.tile_height, tile.png, tile.tooltip);
    canvas.rectangle("frame", x, y, sheet.tile_width, sheet.tile_height);
    if (captions)
      canvas.text("name", middle, bottom += line_height, "middle", tile.caption, characters);
    if (notes) canvas.text("label", middle, bottom += line_height, "middle", tile.note, characters);
  }
  return canvas.document(width, bottom + margin, sheet.title);
}

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
