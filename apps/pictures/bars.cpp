#include "apps/pictures/bars.hpp"

#include "apps/pictures/svg.hpp"
#include "core/error.hpp"

namespace gradus::pictures {

// In pixels.
constexpr double chart_width = 508, names_width = 150, values_width = 60, row_height = 26,
                 bar_height = 16, first_row = 82;

std::string render(const BarChart& chart) {
  Canvas canvas;
  const double room = chart_width - 2 * margin;
  canvas.text("title", margin, title_baseline, "start", chart.title, characters_in(room, 15));
  canvas.text("label", margin, subtitle_baseline, "start", chart.subtitle, characters_in(room));
  const double start = margin + names_width, longest = room - names_width - values_width;
  double y = first_row;
  for (const Bar& bar : chart.bars) {
    require(bar.length >= 0 && bar.length <= 1, "bars",
            "the length of '{}' must be in [0, 1], got {}", bar.name, bar.length);
    const double baseline = y + bar_height - 4, length = longest * bar.length;
    canvas.text("name", start - 10, baseline, "end", bar.name, characters_in(names_width - 10));
    canvas.rectangle("d0", start, y, length, bar_height);
    canvas.text("value", start + length + 8, baseline, "start", bar.text,
                characters_in(values_width));
    y += row_height;
  }
  canvas.line("axis", start, first_row - 4, start, y - row_height + bar_height + 4);
  return canvas.document(chart_width, y + margin - (row_height - bar_height), chart.title);
}

}  // namespace gradus::pictures
