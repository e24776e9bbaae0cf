#include "apps/pictures/bars.hpp"

#include <algorithm>

#include "apps/pictures/svg.hpp"
#include "core/error.hpp"
#include "core/text/width.hpp"

namespace gradus::pictures {
namespace {

// In pixels.
constexpr double chart_width = 508, names_width = 150, row_height = 26, bar_height = 16,
                 first_row = 82, value_gap = 8;
constexpr double narrowest_values = 60, widest_values = 160;

// The room for the texts beside the bars.
double width_of_values(const std::vector<Bar>& bars) {
  double width = narrowest_values;
  for (const Bar& bar : bars)
    width = std::max(width, value_gap + character_width * static_cast<double>(width_of(bar.text)));
  return std::min(width, widest_values);
}

}  // namespace

std::string render(const BarChart& chart) {
  Canvas canvas;
  const double room = chart_width - 2 * margin, values_width = width_of_values(chart.bars);
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
    double end = length;
    if (bar.spread > 0) {
      const double middle = y + bar_height / 2;
      end = longest * std::min(1.0, bar.length + bar.spread);
      canvas.line("axis", start + longest * std::max(0.0, bar.length - bar.spread), middle,
                  start + end, middle);
    }
    canvas.text("value", start + end + value_gap, baseline, "start", bar.text,
                characters_in(values_width));
    y += row_height;
  }
  canvas.line("axis", start, first_row - 4, start, y - row_height + bar_height + 4);
  return canvas.document(chart_width, y + margin - (row_height - bar_height), chart.title);
}

}  // namespace gradus::pictures
