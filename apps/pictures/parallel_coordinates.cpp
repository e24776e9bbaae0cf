#include "apps/pictures/parallel_coordinates.hpp"

#include <algorithm>

#include "apps/pictures/markup.hpp"
#include "apps/pictures/svg.hpp"
#include "core/error.hpp"

namespace gradus::pictures {
namespace {

// In pixels.
constexpr double axis_distance = 130, axis_height = 260, top = 112, below = 36, left = 56,
                 right = 96, foot = 26;

class CoordinatesDrawing {
 public:
  explicit CoordinatesDrawing(const ParallelCoordinates& coordinates) : coordinates_(coordinates) {
    require(coordinates.axes.size() >= 2, "parallel_coordinates", "needs two axes or more, got {}",
            coordinates.axes.size());
    for (const ParallelLine& line : coordinates.lines)
      require(line.places.size() == coordinates.axes.size(), "parallel_coordinates",
              "a line has {} places for {} axes", line.places.size(), coordinates.axes.size());
  }

  std::string draw() {
    canvas_.text("title", margin, title_baseline, "start", coordinates_.title,
                 characters_in(width() - 2 * margin, 15));
    canvas_.text("label", margin, subtitle_baseline, "start", coordinates_.subtitle,
                 characters_in(width() - 2 * margin));
    for (const bool highlighted : {false, true})
      for (const ParallelLine& line : coordinates_.lines)
        if (line.highlighted == highlighted) draw(line);
    for (std::size_t i = 0; i < coordinates_.axes.size(); ++i) draw_axis(i);
    return canvas_.document(width(), y_of(lowest()) + below, coordinates_.title);
  }

 private:
  double width() const {
    return left + axis_distance * static_cast<double>(coordinates_.axes.size() - 1) + right;
  }
  static double x_of(std::size_t axis) { return left + axis_distance * static_cast<double>(axis); }
  static double y_of(const std::optional<double>& place) {
    return place ? top + axis_height * (1 - *place) : top + axis_height + foot;
  }

  void draw(const ParallelLine& line) {
    canvas_.add("<polyline class=\"line {}\" stroke-opacity=\"{:.2f}\" points=\"",
                line.highlighted ? "s1" : "s0", 0.12 + 0.88 * line.strength);
    for (std::size_t i = 0; i < line.places.size(); ++i)
      canvas_.add("{}{:.2f},{:.2f}", i > 0 ? " " : "", x_of(i), y_of(line.places[i]));
    canvas_.add("\">{}</polyline>\n",
                line.tooltip.empty() ? "" : "<title>" + escaped(line.tooltip) + "</title>");
  }

  void draw_axis(std::size_t index) {
    const ParallelAxis& axis = coordinates_.axes[index];
    const double x = x_of(index);
    canvas_.line("axis", x, top, x, top + axis_height);
    canvas_.text("name", x, top - 16, "middle", axis.name, characters_in(axis_distance));
    for (const ParallelAxis::Tick& tick : axis.ticks) {
      canvas_.line("axis", x, y_of(tick.place), x + 4, y_of(tick.place));
      canvas_.text("tick halo", x + 8, y_of(tick.place) + 4, "start", tick.text,
                   characters_in(axis_distance - 24));
    }
    if (has_none(index)) canvas_.text("tick halo", x + 8, y_of({}) + 4, "start", "none");
  }

  bool has_none(std::size_t axis) const {
    return std::any_of(coordinates_.lines.begin(), coordinates_.lines.end(),
                       [&](const ParallelLine& line) { return !line.places[axis]; });
  }
  std::optional<double> lowest() const {
    for (std::size_t i = 0; i < coordinates_.axes.size(); ++i)
      if (has_none(i)) return std::nullopt;
    return 0;
  }

  const ParallelCoordinates& coordinates_;
  Canvas canvas_;
};

}  // namespace

std::string render(const ParallelCoordinates& coordinates) {
  return CoordinatesDrawing(coordinates).draw();
}

}  // namespace gradus::pictures
