// Sheet: a sheet of small images, such as samples with predictions; render: draws it as SVG.
#pragma once

#include <optional>

#include "core/tensor.hpp"

namespace gradus::pictures {

/// A small image with up to two lines of text below.
struct Tile {
  std::string png;
  std::string caption = {}, note = {};
  std::string tooltip = {};
};

/// The legend of the tiles' colours.
struct ColourBar {
  std::string png;
  std::string low, high;
};

struct Sheet {
  std::string title, subtitle;
  double tile_width = 84, tile_height = 84;  ///< in pixels
  std::size_t columns = 8;
  std::vector<Tile> tiles;
  std::optional<ColourBar> bar = {};
};

/// Draws the tiles row by row, with square pixels. Throws std::invalid_argument for 0 columns and
/// for sizes that aren't positive.
std::string render(const Sheet& sheet);

/// Colours for positive and negative values: -limit is blue, 0 nearly white, limit red, NaN grey;
/// colour-blind people can distinguish them (ColorBrewer's RdBu). Values f32 (H, W) → f32 (3, H, W)
/// for data::to_png. Throws std::invalid_argument for other shapes.
Tensor diverging_colours(const Tensor& values, double limit);

/// The legend of these colours.
ColourBar diverging_bar(double limit);

/// Heat over a faded grey image: where it is 0 the image is unchanged, then yellow, and red and
/// nearly opaque from `limit` on. Image f32 (C, H, W), C = 1 or 3, and heat f32 (H, W), 0 or more →
/// f32 (3, H, W) for data::to_png. No heat at all for a limit of 0. Throws std::invalid_argument
/// for other shapes.
Tensor heat_over(const Tensor& image, const Tensor& heat, double limit);

/// The legend of heat on a grey ground, with these texts for 0 and for the limit.
ColourBar heat_bar(std::string low, std::string high);

}  // namespace gradus::pictures
