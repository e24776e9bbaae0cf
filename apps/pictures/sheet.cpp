#include "apps/pictures/sheet.hpp"

#include <algorithm>

#include "apps/pictures/svg.hpp"
#include "core/error.hpp"
#include "data/files/image.hpp"

namespace gradus::pictures {
namespace {

constexpr double tile_gap = 12, line_height = 15, least_width = 460;
constexpr double colours_width = 160, colours_height = 12;

bool any_has(const Sheet& sheet, std::string Tile::*text) {
  return std::ranges::any_of(sheet.tiles, [&](const Tile& tile) { return !(tile.*text).empty(); });
}

void draw_bar(Canvas& canvas, const ColourBar& bar, double baseline) {
  const double low_width = character_width * static_cast<double>(bar.low.size()) + 8;
  canvas.text("label", margin, baseline, "start", bar.low);
  canvas.image(margin + low_width, baseline - 10, colours_width, colours_height, bar.png);
  canvas.text("label", margin + low_width + colours_width + 8, baseline, "start", bar.high);
}

}  // namespace

Sheet& Sheet::add(const Tensor& image, const std::string& caption) {
  tiles.push_back({.png = data::to_png(image), .caption = caption});
  return *this;
}

Sheet& Sheet::add_values(const Tensor& values, double limit, const std::string& caption) {
  bar = diverging_bar(limit);
  return add(diverging_colours(values, limit), caption);
}

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

}  // namespace gradus::pictures
