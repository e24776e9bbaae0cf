// save: writes pictures (charts, heat maps, grids of images, confusion matrices) as SVG or PNG.
//
//   gradus::pictures::Chart chart{"Gradient descent", "step", "loss"};
//   chart.line("rate 0.1", losses).line("rate 0.2", other_losses);
//   gradus::pictures::save("descent.svg", chart);
//
// Programs that use it are linked with gradus::pictures.
#pragma once

#include "apps/pictures/chart.hpp"
#include "apps/pictures/confusion.hpp"
#include "apps/pictures/regions.hpp"
#include "apps/pictures/sheet.hpp"

namespace gradus::pictures {

/// Writes a picture, completely or not at all (write_file_atomically). The ending of `path` is the
/// format: .svg, for browsers and pages, or .png, with two pixels for each pixel of the SVG. Throws
/// std::invalid_argument for other endings, and for .png if Gradus was built without librsvg.
void save(const std::string& path, const Chart& chart);
/// Charts side by side.
void save(const std::string& path, const std::vector<Chart>& charts);
/// Small images in rows.
void save(const std::string& path, const Sheet& sheet);
/// A confusion matrix.
void save(const std::string& path, const ConfusionMatrix& matrix);

}  // namespace gradus::pictures
