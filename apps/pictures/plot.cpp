#include "apps/pictures/plot.hpp"

#include "apps/pictures/svg_to_png.hpp"
#include "core/error.hpp"
#include "core/io/file.hpp"

namespace gradus::pictures {
namespace {

void save_svg(const std::string& path, const std::string& svg) {
  const bool is_png = path.ends_with(".png");
  require(is_png || path.ends_with(".svg"), "save", "pictures end in .svg or .png, got '{}'", path);
  write_file_atomically(path, is_png ? svg_to_png(svg) : svg);
}

}  // namespace

void save(const std::string& path, const Chart& chart) {
  save_svg(path, render(chart));
}

void save(const std::string& path, const std::vector<Chart>& charts) {
  save_svg(path, render(charts));
}

void save(const std::string& path, const Sheet& sheet) {
  save_svg(path, render(sheet));
}

void save(const std::string& path, const ConfusionMatrix& matrix) {
  save_svg(path, render(matrix));
}

}  // namespace gradus::pictures
