// sequential_colours, diverging_colours, heat_over, ColourBar: numbers as colours, and the legends
// of these colours.
#pragma once

#include <string>

#include "core/tensor.hpp"

namespace gradus::pictures {

/// The legend of colours: a bar with the values of its ends.
struct ColourBar {
  std::string png;   ///< the bytes of a PNG file
  std::string low;   ///< at its left end
  std::string high;  ///< at its right end
};

/// Colours from low (light) to high (dark blue), NaN grey (ColorBrewer's Blues). Values f32 (H, W)
/// → f32 (3, H, W) for data::to_png. `levels` above 0 is the number of colours. Throws
/// std::invalid_argument for other shapes.
Tensor sequential_colours(const Tensor& values, double low, double high, int levels = 0);

/// The legend of these colours.
ColourBar sequential_bar(double low, double high, int levels = 0);

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
