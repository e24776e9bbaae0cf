#include "apps/pictures/regions.hpp"

#include <algorithm>
#include <array>

#include "apps/pictures/svg.hpp"
#include "core/error.hpp"

namespace gradus::pictures {
namespace {

constexpr std::size_t panels_in_row = 3;
constexpr double extent = 230, tick_labels = 44, column_pitch = tick_labels + extent + margin;
constexpr double above_panel = 44, below_panel = 52;
constexpr double row_pitch = above_panel + extent + below_panel;
constexpr double least_width = 480;
constexpr double fullest = 0.55;  // opacity of a region

// The same on light and dark screens, since regions are PNG.
constexpr std::array<uint32_t, colours> palette = {0x1f6feb, 0xe36209, 0x118a6d,
                                                   0x8250df, 0xcf2f6f, 0x6e7781};

std::size_t colour_of(int64_t label) {
  return static_cast<std::size_t>(label) % colours;
}

ChartAxis axis_over(const AxisRange& range) {
  require(range.low < range.high, "regions", "axes need low < high, got {} and {}", range.low,
          range.high);
  return x_axis(range, AxisScale::linear, 4);
}

// Dots of one colour as one element: lines of length 0 with round ends.
void draw_dots(Canvas& canvas, const std::vector<std::pair<double, double>>& dots, double width,
               uint32_t colour) {
  if (dots.empty()) return;
  canvas.add(
      "<path fill=\"none\" stroke=\"#{:06x}\" stroke-width=\"{}\" stroke-linecap=\"round\" d=\"",
      colour, width);
  for (const auto& [x, y] : dots) canvas.add("M{:.1f} {:.1f}h0", x, y);
  canvas.add("\"/>\n");
}

void draw_panel(Canvas& canvas, const Regions& regions, const RegionPanel& panel, double x,
                double y) {
  const ChartAxis across = axis_over(regions.x), up = axis_over(regions.y);
  const double left = x + tick_labels, top = y + above_panel, bottom = top + extent;
  canvas.text("name", left, y + 14, "start", panel.title, characters_in(extent));
  canvas.text("label", x, y + 34, "start", regions.y_label, characters_in(extent));
  canvas.image(left, top, extent, extent, panel.png, {}, "smooth");
  canvas.rectangle("frame", left, top, extent, extent);
  for (const double tick : across.ticks()) {
    const double at = left + extent * across.fraction(tick);
    canvas.line("axis", at, bottom, at, bottom + 4);
    canvas.text("x", at, bottom + 18, "middle", across.text(tick), 9);
  }
  for (const double tick : up.ticks()) {
    const double at = bottom - extent * up.fraction(tick);
    canvas.line("axis", left - 4, at, left, at);
    canvas.text("y", left - 8, at + 4, "end", up.text(tick), 6);
  }
  canvas.text("label", left + extent / 2, bottom + 36, "middle", regions.x_label,
              characters_in(extent));
}

// The points of a panel whose upper left corner is (x, y).
void draw_points(Canvas& canvas, const Regions& regions, double x, double y) {
  const ChartAxis across = axis_over(regions.x), up = axis_over(regions.y);
  const double left = x + tick_labels, bottom = y + above_panel + extent;
  std::array<std::vector<std::pair<double, double>>, colours> dots;
  for (const RegionPoint& point : regions.points)
    dots[colour_of(point.label)].emplace_back(left + extent * across.fraction(point.x),
                                              bottom - extent * up.fraction(point.y));
  for (const auto& of_colour : dots) draw_dots(canvas, of_colour, 5, 0xffffff);
  for (std::size_t i = 0; i < colours; ++i) draw_dots(canvas, dots[i], 3.4, palette[i]);
}

}  // namespace

std::string render(const Regions& regions) {
  const std::size_t columns = std::clamp<std::size_t>(regions.panels.size(), 1, panels_in_row);
  const double width =
      std::max(least_width, 2 * margin + column_pitch * static_cast<double>(columns) - margin);
  Canvas canvas;
  canvas.text("title", margin, title_baseline, "start", regions.title,
              characters_in(width - 2 * margin, 15));
  double x = margin;
  for (int64_t label = 0; label < std::min<int64_t>(regions.classes, colours); ++label) {
    const std::string name = fmt::format("{}{}", label == 0 ? "class " : "", label);
    draw_dots(canvas, {{x + 4, subtitle_baseline - 4}}, 8, palette[colour_of(label)]);
    canvas.text("name", x + 14, subtitle_baseline, "start", name);
    x += 32 + character_width * static_cast<double>(name.size());
  }
  if (regions.classes > static_cast<int64_t>(colours))
    canvas.text("name", x, subtitle_baseline, "start", "…");
  const double top = subtitle_baseline + margin;
  for (std::size_t i = 0; i < regions.panels.size(); ++i) {
    const double right = column_pitch * static_cast<double>(i % panels_in_row);
    const double down = row_pitch * static_cast<double>(i / panels_in_row);
    draw_panel(canvas, regions, regions.panels[i], margin + right, top + down);
    if (i > 0) {
      canvas.add("<use href=\"#region-points\" x=\"{}\" y=\"{}\"/>\n", right, down);
      continue;
    }
    canvas.add("<g id=\"region-points\">\n");
    draw_points(canvas, regions, margin, top);
    canvas.add("</g>\n");
  }
  const std::size_t rows = (regions.panels.size() + panels_in_row - 1) / panels_in_row;
  return canvas.document(width, top + row_pitch * static_cast<double>(rows), regions.title);
}

Tensor region_colours(const Tensor& probabilities) {
  require(probabilities.rank() == 3 && probabilities.size(2) > 0, "region_colours",
          "needs probabilities (H, W, classes), got {}", probabilities.shape());
  const int64_t classes = probabilities.size(2), pixels = probabilities.numel() / classes;
  const auto chance = 1 / static_cast<double>(classes);
  Tensor result = Tensor::empty({3, probabilities.size(0), probabilities.size(1)});
  float* const out = result.mutable_data<float>();
  for (int64_t i = 0; i < pixels; ++i) {
    const float* const row = probabilities.data<float>() + i * classes;
    const float* const largest = std::max_element(row, row + classes);
    const double certainty = classes == 1 ? 1 : (*largest - chance) / (1 - chance);
    const double opacity = certainty > 0 ? fullest * certainty : 0;
    for (int c = 0; c < 3; ++c) {
      const double colour = (palette[colour_of(largest - row)] >> (16 - 8 * c) & 255) / 255.;
      out[c * pixels + i] = static_cast<float>(1 - opacity * (1 - colour));
    }
  }
  return result;
}

}  // namespace gradus::pictures
