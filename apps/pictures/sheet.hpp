// Sheet: a sheet of small images, such as samples with predictions; render: draws it as SVG.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "apps/pictures/colours.hpp"

namespace gradus::pictures {

/// A small image with up to two lines of text below.
struct Tile {
  std::string png;           ///< the bytes of a PNG file
  std::string caption = {};  ///< below it
  std::string note = {};     ///< below the caption
  std::string tooltip = {};  ///< where the mouse is over it
};

/// Small images in rows.
struct Sheet {
  std::string title;                  ///< above the images
  std::string subtitle = {};          ///< below the title
  double tile_width = 84;             ///< in pixels
  double tile_height = 84;            ///< in pixels
  std::size_t columns = 8;            ///< at most, in a row
  std::vector<Tile> tiles = {};       ///< row by row
  std::optional<ColourBar> bar = {};  ///< the legend of their colours

  /// Adds an image f32 (H, W) or (C, H, W), C = 1 for grey or 3 for colours, of values 0 … 1.
  Sheet& add(const Tensor& image, const std::string& caption = {});
  /// Adds values f32 (H, W) as colours: -limit is blue, 0 nearly white, limit red.
  Sheet& add_values(const Tensor& values, double limit, const std::string& caption = {});
};

/// Draws the tiles row by row, with square pixels. Throws std::invalid_argument for 0 columns and
/// for sizes that aren't positive.
std::string render(const Sheet& sheet);

}  // namespace gradus::pictures
