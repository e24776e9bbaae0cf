#include "apps/pictures/chart.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "apps/pictures/markup.hpp"
#include "apps/pictures/svg.hpp"
#include "core/error.hpp"
#include "core/text/split.hpp"
#include "core/text/width.hpp"
#include "data/files/image.hpp"

namespace gradus::pictures {
namespace {

constexpr double panel_width = 460;
constexpr double left = 48, right = 16;
constexpr double legend_line = 20, above_plot = 36, below_plot = 58;
constexpr double swatch = 22, legend_gap = 18, ground_bar = 90;

constexpr std::size_t most_marked_points = 30;

// Draws one chart.
class Panel {
 public:
  // The upper left corner is (x, y); the legend has `legend_lines` lines.
  Panel(const Chart& chart, double x, double y, int legend_lines, Canvas& canvas)
      : chart_(chart),
        plot_left_(x + left),
        plot_width_(panel_width - left - right),
        y_(y),
        top_(y + above(legend_lines)),
        canvas_(canvas) {
    AxisRange xs = chart.x_range, ys = chart.y_range;
    for (const Series& series : chart.series) {
      require(series.x.size() == series.y.size(), "chart",
              "the numbers of x and y of series '{}' must be equal, got {} and {}", series.name,
              series.x.size(), series.y.size());
      for (std::size_t i = 0; i < series.x.size(); ++i) {
        if (!is_point(series, i)) continue;
        xs.add(x_place(series, i));
        ys.add(y_place(series, i));
      }
      if (series.mark == Mark::bars && !series.x.empty()) {
        xs.add(series.x.front() - bar_width(series) / 2);
        xs.add(series.x.back() + bar_width(series) / 2);
        ys.add(0);
      }
    }
    if (chart.ground) {
      const auto& [png, x_range, y_range, bar] = *chart.ground;
      for (const double end : {x_range.low, x_range.high}) xs.add(placed(end, chart.scales.x));
      for (const double end : {y_range.low, y_range.high}) ys.add(placed(end, chart.scales.y));
    }
    empty_ = xs.empty();
    x_axis_ = x_axis(xs, chart.scales.x);
    y_axis_ = y_axis(ys, chart.scales.y);
  }

  void draw() {
    canvas_.text("title", plot_left_ - left, y_ + title_baseline, "start", chart_.title,
                 characters_in(panel_width, 15));
    if (chart_.ground) draw_ground();
    draw_axes();
    if (empty_)
      canvas_.text("none", plot_left_ + plot_width_ / 2, top_ + chart_.plot_height / 2, "middle",
                   "no data", 10);
    for (std::size_t i = 0; i < chart_.series.size(); ++i)
      chart_.series[i].mark == Mark::bars ? draw_bars(i) : draw_series(i);
    draw_legend();
  }

  static double height(const Chart& chart, int legend_lines) {
    return above(legend_lines) + chart.plot_height + below_plot;
  }
  /// The number of lines of the legend of `chart`.
  static int legend_lines(const Chart& chart) {
    int lines = 1;
    double x = 0;
    for (const Series& series : chart.series)
      lines += place_in_legend(series, x) + static_cast<int>(name_lines(series).size()) - 1;
    return lines;
  }

 private:
  static constexpr std::size_t longest_name = 64;

  static double above(int legend_lines) {
    return subtitle_baseline + legend_line * (legend_lines - 1) + above_plot;
  }
  // The lines of a name in the legend, at most four.
  static std::vector<std::string> name_lines(const Series& series) {
    std::vector<std::string> lines;
    const std::string text = wrapped(shortened(series.name, 4 * longest_name), longest_name);
    for (const std::string_view line : split(text, '\n')) lines.emplace_back(line);
    lines.resize(std::min<std::size_t>(4, lines.size() - 1));
    return lines;
  }
  // Moves `x` to the end of the legend's entry for `series`; true if the entry begins a new line.
  static bool place_in_legend(const Series& series, double& x) {
    const double width = entry_width(series);
    const bool begins_line = x > 0 && x + width > panel_width;
    x = (begins_line ? 0 : x) + width + legend_gap;
    return begins_line;
  }
  static double entry_width(const Series& series) {
    // m and w are half as wide again as the mean: without them the next entry would be too near.
    const auto wide = static_cast<std::size_t>(std::ranges::count_if(
        series.name, [](char c) { return c == 'm' || c == 'w' || c == 'M' || c == 'W'; }));
    const std::size_t length = std::min(width_of(series.name) + (wide + 1) / 2, longest_name);
    return swatch + character_width * static_cast<double>(length);
  }

  double x_place(const Series& series, std::size_t i) const {
    return placed(series.x[i], chart_.scales.x);
  }
  double y_place(const Series& series, std::size_t i) const {
    return placed(series.y[i], chart_.scales.y);
  }
  bool is_point(const Series& series, std::size_t i) const {
    return i < series.x.size() && drawable(x_place(series, i)) && drawable(y_place(series, i));
  }
  double x_of(double place) const { return plot_left_ + plot_width_ * x_axis_.fraction(place); }
  double y_of(double place) const {
    return top_ + chart_.plot_height * (1 - y_axis_.fraction(place));
  }
  static double bar_width(const Series& series) {
    return series.x.size() < 2 ? 1 : series.x[1] - series.x[0];
  }
  std::size_t colour(std::size_t index) const {
    return chart_.series[index].colour.value_or(index) % colours;
  }

  void draw_axes() {
    const double bottom = top_ + chart_.plot_height, end = plot_left_ + plot_width_;
    for (const double tick : y_axis_.ticks()) {
      canvas_.line("grid", plot_left_, y_of(tick), end, y_of(tick));
      canvas_.text("y", plot_left_ - 8, y_of(tick) + 4, "end", y_axis_.text(tick), 9);
    }
    for (const double tick : x_axis_.ticks()) {
      canvas_.line("axis", x_of(tick), bottom, x_of(tick), bottom + 4);
      canvas_.text("x", x_of(tick), bottom + 19, "middle", x_axis_.text(tick), 9);
    }
    canvas_.line("axis", plot_left_, bottom, end, bottom);
    canvas_.text("label", plot_left_ + plot_width_ / 2, bottom + 41, "middle", chart_.x_label,
                 characters_in(plot_width_));
    canvas_.text("label", plot_left_ - left, top_ - 14, "start", chart_.y_label,
                 characters_in(panel_width));
  }

  void draw_ground() {
    const auto& [png, x_range, y_range, bar] = *chart_.ground;
    const double x = x_of(placed(x_range.low, chart_.scales.x)),
                 y = y_of(placed(y_range.high, chart_.scales.y));
    canvas_.image(x, y, x_of(placed(x_range.high, chart_.scales.x)) - x,
                  y_of(placed(y_range.low, chart_.scales.y)) - y, png, {}, "smooth");
  }

  // Draws a line for each sequence of points without gaps. A single point is marked, since its line
  // would be invisible.
  void draw_series(std::size_t index) {
    const Series& series = chart_.series[index];
    const std::size_t n = series.x.size();
    const auto drawn = [&](std::size_t i) { return is_point(series, i); };
    const bool are_dots = series.mark == Mark::dots;
    for (std::size_t i = 0; i < n; ++i) {
      if (!drawn(i) || are_dots) continue;
      const std::size_t begin = i;
      while (drawn(i + 1)) ++i;
      if (i > begin) draw_line(index, begin, i + 1);
    }
    for (std::size_t i = 0; i < n; ++i)
      if (drawn(i) && (are_dots || (n <= most_marked_points && series.mark == Mark::line) ||
                       (!drawn(i - 1) && !drawn(i + 1))))
        draw_point(index, i);
  }

  void draw_bars(std::size_t index) {
    const Series& series = chart_.series[index];
    const double width = plot_width_ * bar_width(series) / (x_axis_.high - x_axis_.low);
    for (std::size_t i = 0; i < series.x.size(); ++i)
      if (is_point(series, i) && series.y[i] != 0)
        canvas_.rectangle(fmt::format("d{}", colour(index)), x_of(series.x[i]) - width / 2 + 0.5,
                          std::min(y_of(series.y[i]), y_of(0)), width - 1,
                          std::abs(y_of(series.y[i]) - y_of(0)), 1,
                          fmt::format("{}: {:.6g}, {:.6g}", shortened(series.name, longest_name),
                                      series.x[i], series.y[i]));
  }

  void draw_line(std::size_t index, std::size_t begin, std::size_t end) {
    const Series& series = chart_.series[index];
    canvas_.add("<polyline class=\"{}\"{} points=\"", line_classes(index), dashes(index));
    for (std::size_t i = begin; i < end; ++i)
      canvas_.add("{}{:.2f},{:.2f}", i > begin ? " " : "", x_of(x_place(series, i)),
                  y_of(y_place(series, i)));
    canvas_.add("\"/>\n");
  }

  void draw_point(std::size_t index, std::size_t i) {
    const Series& series = chart_.series[index];
    const bool is_small = series.mark == Mark::dots && series.x.size() > most_marked_points;
    canvas_.add(
        "<circle class=\"dot d{}\"{} cx=\"{:.2f}\" cy=\"{:.2f}\" r=\"{}\"><title>{}: {:.6g}, "
        "{:.6g}</title></circle>\n",
        colour(index), is_small ? " fill-opacity=\".5\"" : "", x_of(x_place(series, i)),
        y_of(y_place(series, i)), is_small ? 2.5 : 3.5, escaped(series.name, longest_name),
        series.x[i], series.y[i]);
  }

  // After the last colour, the colours are repeated dashed, then dotted.
  const char* dashes(std::size_t index) const {
    if (index < colours || chart_.series[index].colour) return "";
    return index < 2 * colours ? " stroke-dasharray=\"6 5\"" : " stroke-dasharray=\"1 4\"";
  }

  std::string line_classes(std::size_t index) const {
    const Mark mark = chart_.series[index].mark;
    return fmt::format("line {}s{}",
                       mark == Mark::thin    ? "thin "
                       : mark == Mark::faint ? "faint "
                                             : "",
                       colour(index));
  }

  void draw_legend() {
    double x = 0, y = y_ + subtitle_baseline;
    for (std::size_t i = 0; i < chart_.series.size(); ++i) {
      const Series& series = chart_.series[i];
      if (place_in_legend(series, x)) y += legend_line;
      const double begin = plot_left_ - left + x - legend_gap - entry_width(series);
      canvas_.add("<polyline class=\"{}\"{} points=\"{:.2f},{:.2f} {:.2f},{:.2f}\"/>\n",
                  line_classes(i), dashes(i), begin + 1, y - 4, begin + swatch - 7, y - 4);
      const std::vector<std::string> lines = name_lines(series);
      for (const std::string& line : lines) {
        canvas_.text("name", begin + swatch, y, "start", line, longest_name);
        y += legend_line;
      }
      y -= legend_line;
    }
    if (chart_.ground && chart_.ground->bar) draw_bar(*chart_.ground->bar);
  }

  // The legend of the ground, on the right of the name of the y axis.
  void draw_bar(const ColourBar& bar) {
    const double right_end = plot_left_ + plot_width_, y = top_ - 14;
    const double high_width = character_width * static_cast<double>(bar.high.size()) + 8;
    canvas_.text("label", right_end, y, "end", bar.high);
    canvas_.image(right_end - high_width - ground_bar, y - 10, ground_bar, 12, bar.png);
    canvas_.text("label", right_end - high_width - ground_bar - 8, y, "end", bar.low);
  }

  const Chart& chart_;
  double plot_left_, plot_width_, y_, top_;
  Canvas& canvas_;
  bool empty_ = true;
  ChartAxis x_axis_{}, y_axis_{};
};

}  // namespace

SeriesValues::SeriesValues(const Tensor& values) {
  require(values.rank() == 1, "chart", "the numbers of a series must have rank 1, got {}",
          values.shape());
  const Tensor numbers = values.to(DType::f64);
  assign(numbers.data<double>(), numbers.data<double>() + numbers.numel());
}

Chart& Chart::line(const std::string& name, SeriesValues y) {
  SeriesValues x(y.size());
  std::iota(x.begin(), x.end(), 0.);
  return line(name, std::move(x), std::move(y));
}

Chart& Chart::line(const std::string& name, SeriesValues x, SeriesValues y) {
  series.push_back({.name = name, .x = std::move(x), .y = std::move(y)});
  return *this;
}

Chart& Chart::dots(const std::string& name, SeriesValues x, SeriesValues y) {
  series.push_back({.name = name, .x = std::move(x), .y = std::move(y), .mark = Mark::dots});
  return *this;
}

Chart& Chart::heat_map(const Tensor& values, AxisRange x, AxisRange y, int levels) {
  require(values.rank() == 2 && values.numel() > 0, "heat_map", "needs values (H, W), got {}",
          values.shape());
  const Tensor f32 = values.to(DType::f32);
  AxisRange range;
  for (const float value : f32.to_vector<float>())
    if (std::isfinite(value)) range.add(value);
  if (range.empty()) range.add(0);
  const Tensor colouring = sequential_colours(f32, range.low, range.high, levels);
  ground = {data::to_png(colouring), x, y, sequential_bar(range.low, range.high, levels)};
  return *this;
}

Chart& Chart::image(const Tensor& image, AxisRange x, AxisRange y) {
  ground = {data::to_png(image), x, y};
  return *this;
}

std::string render_rows(const std::vector<std::vector<Chart>>& rows) {
  std::size_t columns = 1;
  std::string titles;
  Canvas canvas;
  double y = 0;
  for (const std::vector<Chart>& row : rows) {
    columns = std::max(columns, row.size());
    int legend_lines = 1;
    for (const Chart& chart : row) {
      legend_lines = std::max(legend_lines, Panel::legend_lines(chart));
      titles += (titles.empty() ? "" : ", ") + chart.title;
    }
    double x = margin, height = 0;
    for (const Chart& chart : row) {
      height = std::max(height, Panel::height(chart, legend_lines));
      Panel(chart, x, y, legend_lines, canvas).draw();
      x += panel_width + margin;
    }
    y += height;
  }
  return canvas.document(margin + (panel_width + margin) * static_cast<double>(columns),
                         y > 0 ? y : Panel::height({}, 1), titles);
}

std::string render(const Chart& chart) {
  return render_rows({{chart}});
}

std::string render(const std::vector<Chart>& side_by_side) {
  return render_rows({side_by_side});
}

}  // namespace gradus::pictures
