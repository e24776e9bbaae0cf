// Sheets of small images as SVG: samples with what a model took them for, filters.
#pragma once

#include <optional>

#include "core/tensor.hpp"

namespace gradus::pictures {

/// A small image with up to two lines below it.
struct Tile {
  std::string png;
  std::string caption = {}, note = {};
  std::string tooltip = {};
};

/// What the colours of the tiles stand for, from one end to the other.
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

/// The tiles row by row, their pixels drawn as squares. Lines below them are left out where no tile
/// has one. Throws std::invalid_argument for 0 columns and sizes that aren't positive.
std::string render(const Sheet& sheet);

/// Colours for values on both sides of zero: -limit is blue, 0 nearly white, limit red, and what
/// isn't a number grey; colour-blind people tell them apart (ColorBrewer's RdBu). Values f32 (H, W)
/// → f32 (3, H, W), as data::to_png takes it. Throws std::invalid_argument for other shapes.
Tensor diverging_colours(const Tensor& values, double limit);

/// The bar of those colours.
ColourBar diverging_bar(double limit);

}  // namespace gradus::pictures
