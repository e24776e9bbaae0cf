#include "apps/pictures/histogram.hpp"

#include <algorithm>

#include "apps/pictures/svg.hpp"
#include "core/error.hpp"

namespace gradus::pictures {

constexpr std::size_t per_row = 4;
constexpr double panel_width = 218, plot_height = 64;
constexpr double name_baseline = 14, note_baseline = 28, above_plot = 36, below_plot = 34;
constexpr double panel_height = above_plot + plot_height + below_plot;
constexpr double group_title = 40, group_label = 20;
constexpr int ticks = 5;

static ChartAxis axis_of(const Histogram& histogram, AxisScale scale) {
  require(histogram.low < histogram.high, "histogram",
          "the axis of '{}' needs low < high, got {} and {}", histogram.name, histogram.low,
          histogram.high);
  AxisRange range;
  range.whole = false;
  range.add(histogram.low);
  range.add(histogram.high);
  return x_axis(range, scale, ticks);
}

static void draw(Canvas& canvas, const Histogram& histogram, AxisScale scale, double x, double y) {
  const ChartAxis axis = axis_of(histogram, scale);
  const double bottom = y + above_plot + plot_height;
  canvas.text("name", x, y + name_baseline, "start", histogram.name, characters_in(panel_width));
  canvas.text("small", x, y + note_baseline, "start", histogram.note,
              characters_in(panel_width, 10));
  const double bin =
      panel_width / static_cast<double>(std::max<std::size_t>(1, histogram.shares.size()));
  const double largest = histogram.shares.empty() ? 0 : std::ranges::max(histogram.shares);
  for (std::size_t i = 0; i < histogram.shares.size(); ++i) {
    const double height = largest > 0 ? plot_height * histogram.shares[i] / largest : 0;
    if (height > 0)
      canvas.rectangle("d0", x + bin * static_cast<double>(i), bottom - height, bin, height);
  }
  canvas.line("axis", x, bottom, x + panel_width, bottom);
  for (const double tick : axis.ticks()) {
    const double at = x + panel_width * axis.fraction(tick);
    canvas.line("axis", at, bottom, at, bottom + 4);
    canvas.text("small", at, bottom + 15, "middle", axis.text(tick), 9);
  }
}

std::string render(const std::vector<HistogramGroup>& groups) {
  Canvas canvas;
  std::string titles;
  double y = 0;
  for (const HistogramGroup& group : groups) {
    titles += (titles.empty() ? "" : ", ") + group.title;
    canvas.text("title", margin, y + title_baseline, "start", group.title);
    y += group_title;
    canvas.text("label", margin, y + name_baseline, "start", group.x_label);
    y += group_label + 8;
    for (std::size_t i = 0; i < group.histograms.size(); ++i) {
      const double x = margin + static_cast<double>(i % per_row) * (panel_width + margin);
      draw(canvas, group.histograms[i], group.scale, x,
           y + static_cast<double>(i / per_row) * panel_height);
    }
    y += panel_height * static_cast<double>((group.histograms.size() + per_row - 1) / per_row);
  }
  return canvas.document(margin + per_row * (panel_width + margin), y + margin / 2, titles);
}

}  // namespace gradus::pictures
