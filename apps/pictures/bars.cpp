#include "apps/pictures/bars.hpp"

#include "apps/pictures/svg.hpp"
#include "core/error.hpp"

namespace gradus::pictures {
namespace {

// In pixels.
constexpr double width = 508, names = 150, values = 60, row = 26, thickness = 16, top = 82;

}  // namespace

std::string render(const BarChart& chart) {
  Canvas canvas;
  const double room = width - 2 * margin;
  canvas.text("title", margin, title_baseline, "start", chart.title, characters_in(room, 15));
  canvas.text("label", margin, subtitle_baseline, "start", chart.subtitle, characters_in(room));
  const double start = margin + names, longest = room - names - values;
  double y = top;
  for (const Bar& bar : chart.bars) {
    require(bar.length >= 0 && bar.length <= 1, "bars", "a length is 0 … 1, got {} of '{}'",
            bar.length, bar.name);
    const double baseline = y + thickness - 4, length = longest * bar.length;
    canvas.text("name", start - 10, baseline, "end", bar.name, characters_in(names - 10));
    canvas.rectangle("d0", start, y, length, thickness);
    canvas.text("value", start + length + 8, baseline, "start", bar.text, characters_in(values));
    y += row;
  }
  canvas.line("axis", start, top - 4, start, y - row + thickness + 4);
  return canvas.document(width, y + margin - (row - thickness), chart.title);
}

}  // namespace gradus::pictures
