#include "apps/gradus/svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <string_view>

#include "core/error.hpp"

namespace gradus::app {
namespace {

// All in pixels.
constexpr double panel_width = 460, plot_height = 220;
constexpr double margin = 24, left = 48, right = 16;
constexpr double title_baseline = 34, legend_baseline = 58, legend_line = 20, above_plot = 36;
constexpr double below_plot = 58;
constexpr double character_width = 6.6;  // of 12 px text, on average
constexpr double swatch = 22, legend_gap = 18;

constexpr std::size_t colours = 6;
constexpr std::size_t most_marked_points = 30;

// Colours of a colour-blind-safe palette, lighter on dark ground. A media query changes them where
// the viewer prefers dark.
constexpr std::string_view style = R"(<style>
text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;fill:#57606a}
.title{font-size:15px;font-weight:600;fill:#1f2328}
.name{fill:#1f2328}
.paper{fill:#ffffff;stroke:#d8dee4}
.grid{stroke:#e6eaef}
.axis{stroke:#8c959f}
.line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
.dot{stroke:#ffffff;stroke-width:1.5}
.s0{stroke:#1f6feb}.d0{fill:#1f6feb}
.s1{stroke:#e36209}.d1{fill:#e36209}
.s2{stroke:#118a6d}.d2{fill:#118a6d}
.s3{stroke:#8250df}.d3{fill:#8250df}
.s4{stroke:#cf2f6f}.d4{fill:#cf2f6f}
.s5{stroke:#6e7781}.d5{fill:#6e7781}
@media (prefers-color-scheme:dark){
text{fill:#9198a1}
.title,.name{fill:#f0f6fc}
.paper{fill:#0d1117;stroke:#30363d}
.grid{stroke:#21262d}
.axis{stroke:#656c76}
.dot{stroke:#0d1117}
.s0{stroke:#58a6ff}.d0{fill:#58a6ff}
.s1{stroke:#ffa657}.d1{fill:#ffa657}
.s2{stroke:#3fc6a0}.d2{fill:#3fc6a0}
.s3{stroke:#bc8cff}.d3{fill:#bc8cff}
.s4{stroke:#ff7eb6}.d4{fill:#ff7eb6}
.s5{stroke:#b1bac4}.d5{fill:#b1bac4}
}
</style>
)";

// The characters of UTF-8 text; bytes that are none, and control characters, become U+FFFD.
std::vector<std::string> characters(std::string_view text) {
  std::vector<std::string> result;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    bool valid = lead < 0x80 ? lead >= 0x20 && lead != 0x7f : lead >= 0xc2 && lead < 0xf5;
    valid = valid && i + length <= text.size();
    for (std::size_t k = 1; valid && k < length; ++k) valid = (text[i + k] & 0xc0) == 0x80;
    if (!valid) length = 1;
    result.push_back(valid ? std::string(text.substr(i, length)) : "\ufffd");
    i += length;
  }
  return result;
}

// `text` for XML, cut to `most` characters.
std::string escaped(std::string_view text, std::size_t most) {
  std::vector<std::string> all = characters(text);
  if (all.size() > most) {
    all.resize(most - 1);
    all.push_back("…");
  }
  std::string result;
  for (const std::string& c : all)
    result += c == "&" ? "&amp;" : c == "<" ? "&lt;" : c == ">" ? "&gt;" : c == "\"" ? "&quot;" : c;
  return result;
}

std::size_t characters_in(double width, double size = 12) {
  return static_cast<std::size_t>(width / character_width * 12 / size);
}

// Beyond this, sums and differences of coordinates could overflow.
bool drawable(double value) {
  return std::abs(value) < 1e300;
}

// The least of 1, 2, 5 times a power of ten that is `step` or more.
double nice_step(double step) {
  const double power = std::pow(10, std::floor(std::log10(step)));
  for (const double factor : {1., 2., 5.})
    if (factor * power >= step * (1 - 1e-9)) return factor * power;
  return 10 * power;
}

// Values from `low` to `high`, and the ticks among them.
struct Axis {
  double low, high, step;

  std::vector<double> ticks() const {
    std::vector<double> result;
    const auto last = static_cast<int64_t>(std::floor(high / step + 1e-6));
    for (auto i = static_cast<int64_t>(std::ceil(low / step - 1e-6)); i <= last; ++i)
      result.push_back(static_cast<double>(i) * step);
    return result;
  }
  double fraction(double value) const { return (value - low) / (high - low); }
};

struct Range {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  bool whole = true;  // all values are whole numbers

  void add(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
    whole = whole && value == std::floor(value);
  }
  bool empty() const { return low > high; }
};

// An axis of `range` with about `count` ticks. One value, or values equal but for rounding, lie in
// its middle.
Axis axis_of(const Range& range, int count) {
  if (range.empty()) return {0, 1, 0.2};
  double low = range.low, high = range.high;
  const double size = std::max(std::abs(low), std::abs(high));
  if (high - low <= std::max(1e-9 * size, 1e-280)) {
    const double room = range.whole || size < 1e-280 ? 1 : 0.1 * size;
    low -= room;
    high += room;
  }
  const double step = nice_step((high - low) / count);
  return {low, high, step};
}

Axis x_axis_of(const Range& range) {
  Axis axis = axis_of(range, 7);
  if (range.whole) axis.step = std::max(1., axis.step);
  return axis;
}

// Begins and ends at a tick.
Axis y_axis_of(const Range& range) {
  Axis axis = axis_of(range, 5);
  axis.low = std::floor(axis.low / axis.step + 1e-6) * axis.step;
  axis.high = std::ceil(axis.high / axis.step - 1e-6) * axis.step;
  return axis;
}

// A tick in as many digits as its axis needs: 0.25, 40, 20k, 3M, 5e-06.
std::string tick_text(double value, const Axis& axis) {
  const double largest = std::max(std::abs(axis.low), std::abs(axis.high));
  if (std::abs(value) < axis.step / 2) return "0";
  if (largest >= 1e12 || axis.step < 1e-4) return fmt::format("{:.4g}", value);
  double unit = 1;
  std::string_view suffix;
  if (largest >= 1e4) {
    unit = largest >= 1e9 ? 1e9 : largest >= 1e6 ? 1e6 : 1e3;
    suffix = largest >= 1e9 ? "G" : largest >= 1e6 ? "M" : "k";
  }
  const int decimals =
      std::max(0, static_cast<int>(-std::floor(std::log10(axis.step / unit) + 1e-9)));
  return fmt::format("{:.{}f}{}", value / unit, decimals, suffix);
}

// Draws one chart in a place of its own.
class Panel {
 public:
  Panel(const Chart& chart, double x, double y, std::string& out)
      : chart_(chart),
        plot_left_(x + left),
        plot_width_(panel_width - left - right),
        top_(y),
        out_(out) {
    Range xs, ys;
    for (const Series& series : chart.series) {
      require(series.x.size() == series.y.size(), "svg", "series '{}' has {} x and {} y",
              series.name, series.x.size(), series.y.size());
      for (std::size_t i = 0; i < series.x.size(); ++i) {
        if (!drawable(series.x[i]) || !drawable(series.y[i])) continue;
        xs.add(series.x[i]);
        ys.add(series.y[i]);
      }
    }
    empty_ = xs.empty();
    x_axis_ = x_axis_of(xs);
    y_axis_ = y_axis_of(ys);
  }

  void draw() {
    text("title", plot_left_ - left, title_baseline, "start", chart_.title,
         characters_in(panel_width, 15));
    draw_axes();
    if (empty_)
      text("none", plot_left_ + plot_width_ / 2, top_ + plot_height / 2, "middle", "no data", 10);
    for (std::size_t i = 0; i < chart_.series.size(); ++i) draw_series(i);
    draw_legend();
  }

  /// Lines that the legend of `chart` takes.
  static int legend_lines(const Chart& chart) {
    int lines = 1;
    double x = 0;
    for (const Series& series : chart.series) lines += place_in_legend(series, x);
    return lines;
  }

 private:
  static constexpr std::size_t longest_name = 28;

  // Moves `x` past the legend's entry for `series`; true when that begins a line.
  static bool place_in_legend(const Series& series, double& x) {
    const double width = entry_width(series);
    const bool begins_line = x > 0 && x + width > panel_width;
    x = (begins_line ? 0 : x) + width + legend_gap;
    return begins_line;
  }
  static double entry_width(const Series& series) {
    const std::size_t length = std::min(characters(series.name).size(), longest_name);
    return swatch + character_width * static_cast<double>(length);
  }

  double x_of(double value) const { return plot_left_ + plot_width_ * x_axis_.fraction(value); }
  double y_of(double value) const { return top_ + plot_height * (1 - y_axis_.fraction(value)); }

  template <class... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Args>(args)...);
  }
  void text(const char* kind, double x, double y, const char* anchor, std::string_view content,
            std::size_t most) {
    add("<text class=\"{}\" x=\"{:.2f}\" y=\"{:.2f}\" text-anchor=\"{}\">{}</text>\n", kind, x, y,
        anchor, escaped(content, most));
  }
  void line(const char* kind, double x1, double y1, double x2, double y2) {
    add("<line class=\"{}\" x1=\"{:.2f}\" y1=\"{:.2f}\" x2=\"{:.2f}\" y2=\"{:.2f}\"/>\n", kind, x1,
        y1, x2, y2);
  }

  void draw_axes() {
    const double bottom = top_ + plot_height, end = plot_left_ + plot_width_;
    for (const double tick : y_axis_.ticks()) {
      line("grid", plot_left_, y_of(tick), end, y_of(tick));
      text("y", plot_left_ - 8, y_of(tick) + 4, "end", tick_text(tick, y_axis_), 9);
    }
    for (const double tick : x_axis_.ticks()) {
      line("axis", x_of(tick), bottom, x_of(tick), bottom + 4);
      text("x", x_of(tick), bottom + 19, "middle", tick_text(tick, x_axis_), 9);
    }
    line("axis", plot_left_, bottom, end, bottom);
    text("label", plot_left_ + plot_width_ / 2, bottom + 41, "middle", chart_.x_label,
         characters_in(plot_width_));
    text("label", plot_left_ - left, top_ - 14, "start", chart_.y_label,
         characters_in(panel_width));
  }

  // The points in pieces without gaps: a piece of one is marked, or it would not be seen.
  void draw_series(std::size_t index) {
    const Series& series = chart_.series[index];
    const std::size_t n = series.x.size();
    const auto is_point = [&](std::size_t i) {
      return i < n && drawable(series.x[i]) && drawable(series.y[i]);
    };
    for (std::size_t i = 0; i < n; ++i) {
      if (!is_point(i)) continue;
      const std::size_t begin = i;
      while (is_point(i + 1)) ++i;
      if (i > begin) draw_line(index, begin, i + 1);
    }
    for (std::size_t i = 0; i < n; ++i)
      if (is_point(i) && (n <= most_marked_points || (!is_point(i - 1) && !is_point(i + 1))))
        draw_point(index, i);
  }

  void draw_line(std::size_t index, std::size_t begin, std::size_t end) {
    const Series& series = chart_.series[index];
    add("<polyline class=\"line s{}\"{} points=\"", index % colours, dashes(index));
    for (std::size_t i = begin; i < end; ++i)
      add("{}{:.2f},{:.2f}", i > begin ? " " : "", x_of(series.x[i]), y_of(series.y[i]));
    add("\"/>\n");
  }

  void draw_point(std::size_t index, std::size_t i) {
    const Series& series = chart_.series[index];
    add("<circle class=\"dot d{}\" cx=\"{:.2f}\" cy=\"{:.2f}\" r=\"3.5\"><title>{}: {:.6g}, "
        "{:.6g}</title></circle>\n",
        index % colours, x_of(series.x[i]), y_of(series.y[i]), escaped(series.name, longest_name),
        series.x[i], series.y[i]);
  }

  // Series beyond the colours repeat them dashed.
  static const char* dashes(std::size_t index) {
    return index < colours ? "" : " stroke-dasharray=\"6 5\"";
  }

  void draw_legend() {
    double x = 0, y = legend_baseline;
    for (std::size_t i = 0; i < chart_.series.size(); ++i) {
      const Series& series = chart_.series[i];
      if (place_in_legend(series, x)) y += legend_line;
      const double begin = plot_left_ - left + x - legend_gap - entry_width(series);
      add("<polyline class=\"line s{}\"{} points=\"{:.2f},{:.2f} {:.2f},{:.2f}\"/>\n", i % colours,
          dashes(i), begin + 1, y - 4, begin + swatch - 7, y - 4);
      text("name", begin + swatch, y, "start", series.name, longest_name);
    }
  }

  const Chart& chart_;
  double plot_left_, plot_width_, top_;
  std::string& out_;
  bool empty_ = true;
  Axis x_axis_{}, y_axis_{};
};

}  // namespace

std::string render(const std::vector<Chart>& side_by_side) {
  int legend_lines = 1;
  std::string titles;
  for (const Chart& chart : side_by_side) {
    legend_lines = std::max(legend_lines, Panel::legend_lines(chart));
    titles += (titles.empty() ? "" : ", ") + escaped(chart.title, 80);
  }
  const double top = legend_baseline + legend_line * (legend_lines - 1) + above_plot;
  const double width = margin + (panel_width + margin) *
                                    std::max<double>(1, static_cast<double>(side_by_side.size()));
  const double height = top + plot_height + below_plot;
  std::string out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" "
      "height=\"{1}\" role=\"img\" aria-label=\"{2}\">\n{3}<rect class=\"paper\" x=\"0.5\" "
      "y=\"0.5\" width=\"{4}\" height=\"{5}\" rx=\"8\"/>\n",
      width, height, titles, style, width - 1, height - 1);
  double x = margin;
  for (const Chart& chart : side_by_side) {
    Panel(chart, x, top, out).draw();
    x += panel_width + margin;
  }
  return out + "</svg>\n";
}

}  // namespace gradus::app
