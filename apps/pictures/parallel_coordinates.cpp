#include "apps/pictures/parallel_coordinates.hpp"

#include <algorithm>

#include "apps/pictures/svg.hpp"
#include "core/error.hpp"

namespace gradus::pictures {
namespace {

// In pixels.
constexpr double axis_distance = 130, axis_height = 260, axes_top = 112, below_axes = 36,
                 axes_left = 56, right = 96, foot = 26;

double x_of(std::size_t axis) {
  return axes_left + axis_distance * static_cast<double>(axis);
}
double y_of(const std::optional<double>& place) {
  return place ? axes_top + axis_height * (1 - *place) : axes_top + axis_height + foot;
}

void draw(Canvas& canvas, const ParallelLine& line) {
  canvas.add("<polyline class=\"line {}\" stroke-opacity=\"{:.2f}\" points=\"",
             line.highlighted ? "s1" : "s0", 0.12 + 0.88 * line.strength);
  for (std::size_t i = 0; i < line.places.size(); ++i)
    canvas.add("{}{:.2f},{:.2f}", i > 0 ? " " : "", x_of(i), y_of(line.places[i]));
  canvas.add("\">{}</polyline>\n", title_element(line.tooltip));
}

void draw(Canvas& canvas, const ParallelAxis& axis, double x, bool has_none) {
  canvas.line("axis", x, axes_top, x, axes_top + axis_height);
  canvas.text("name", x, axes_top - 16, "middle", axis.name, characters_in(axis_distance));
  for (const ParallelAxis::Tick& tick : axis.ticks) {
    canvas.line("axis", x, y_of(tick.place), x + 4, y_of(tick.place));
    canvas.text("tick halo", x + 8, y_of(tick.place) + 4, "start", tick.text,
                characters_in(axis_distance - 24));
  }
  if (has_none) canvas.text("tick halo", x + 8, y_of({}) + 4, "start", "none");
}

}  // namespace

std::string render(const ParallelCoordinates& coordinates) {
  const auto& [title, subtitle, axes, lines] = coordinates;
  require(axes.size() >= 2, "parallel_coordinates", "needs at least two axes, got {}", axes.size());
  for (const ParallelLine& line : lines)
    require(line.places.size() == axes.size(), "parallel_coordinates",
            "each line needs {} places, one for each axis, got {}", axes.size(),
            line.places.size());
  Canvas canvas;
  const double width = x_of(axes.size() - 1) + right;
  canvas.text("title", margin, title_baseline, "start", title,
              characters_in(width - 2 * margin, 15));
  canvas.text("label", margin, subtitle_baseline, "start", subtitle,
              characters_in(width - 2 * margin));
  for (const bool highlighted : {false, true})
    for (const ParallelLine& line : lines)
      if (line.highlighted == highlighted) draw(canvas, line);
  std::optional<double> lowest = 0;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const bool has_none =
        std::ranges::any_of(lines, [i](const ParallelLine& line) { return !line.places[i]; });
    if (has_none) lowest.reset();
    draw(canvas, axes[i], x_of(i), has_none);
  }
  return canvas.document(width, y_of(lowest) + below_axes, title);
}

}  // namespace gradus::pictures
