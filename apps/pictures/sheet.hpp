// Sheet: a sheet of small images, such as samples with predictions; render: draws it as SVG.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "apps/pictures/colours.hpp"

namespace gradus::pictures {

/// A small image with up to two lines of text below.
struct Tile {
  std::string png;
  std::string caption = {}, note = {};
  std::string tooltip = {};
};

struct Sheet {
  std::string title, subtitle = {};
  double tile_width = 84, tile_height = 84;  ///< in pixels
  std::size_t columns = 8;
  std::vector<Tile> tiles = {};
  std::optional<ColourBar> bar = {};

  /// Adds an image f32 (H, W) or (C, H, W), C = 1 for grey or 3 for colours, of values 0 … 1.
  Sheet& add(const Tensor& image, const std::string& caption = {});
  /// Adds values f32 (H, W) as colours: -limit is blue, 0 nearly white, limit red.
  Sheet& add_values(const Tensor& values, double limit, const std::string& caption = {});
};

/// Draws the tiles row by row, with square pixels. Throws std::invalid_argument for 0 columns and
/// for sizes that aren't positive.
std::string render(const Sheet& sheet);

}  // namespace gradus::pictures
