#include "apps/pictures/chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string_view>

#include "apps/pictures/axis.hpp"
#include "core/error.hpp"

namespace gradus::pictures {
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

// Draws one chart in a place of its own.
class Panel {
 public:
  // With its upper left corner at (x, y), and room for `legend_lines`.
  Panel(const Chart& chart, double x, double y, int legend_lines, std::string& out)
      : chart_(chart),
        plot_left_(x + left),
        plot_width_(panel_width - left - right),
        y_(y),
        top_(y + above(legend_lines)),
        out_(out) {
    Range xs, ys;
    for (const Series& series : chart.series) {
      require(series.x.size() == series.y.size(), "chart", "series '{}' has {} x and {} y",
              series.name, series.x.size(), series.y.size());
      for (std::size_t i = 0; i < series.x.size(); ++i) {
        if (!is_point(series, i)) continue;
        xs.add(x_place(series, i));
        ys.add(y_place(series, i));
      }
    }
    empty_ = xs.empty();
    x_axis_ = x_axis(xs, chart.x_scale);
    y_axis_ = y_axis(ys, chart.y_scale);
  }

  void draw() {
    text("title", plot_left_ - left, y_ + title_baseline, "start", chart_.title,
         characters_in(panel_width, 15));
    draw_axes();
    if (empty_)
      text("none", plot_left_ + plot_width_ / 2, top_ + plot_height / 2, "middle", "no data", 10);
    for (std::size_t i = 0; i < chart_.series.size(); ++i) draw_series(i);
    draw_legend();
  }

  static double height(int legend_lines) { return above(legend_lines) + plot_height + below_plot; }
  /// Lines that the legend of `chart` takes.
  static int legend_lines(const Chart& chart) {
    int lines = 1;
    double x = 0;
    for (const Series& series : chart.series) lines += place_in_legend(series, x);
    return lines;
  }

 private:
  static constexpr std::size_t longest_name = 64;

  static double above(int legend_lines) {
    return legend_baseline + legend_line * (legend_lines - 1) + above_plot;
  }
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

  double x_place(const Series& series, std::size_t i) const {
    return placed(series.x[i], chart_.x_scale);
  }
  double y_place(const Series& series, std::size_t i) const {
    return placed(series.y[i], chart_.y_scale);
  }
  bool is_point(const Series& series, std::size_t i) const {
    return i < series.x.size() && drawable(x_place(series, i)) && drawable(y_place(series, i));
  }
  double x_of(double place) const { return plot_left_ + plot_width_ * x_axis_.fraction(place); }
  double y_of(double place) const { return top_ + plot_height * (1 - y_axis_.fraction(place)); }

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
      text("y", plot_left_ - 8, y_of(tick) + 4, "end", y_axis_.text(tick), 9);
    }
    for (const double tick : x_axis_.ticks()) {
      line("axis", x_of(tick), bottom, x_of(tick), bottom + 4);
      text("x", x_of(tick), bottom + 19, "middle", x_axis_.text(tick), 9);
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
    const auto drawn = [&](std::size_t i) { return is_point(series, i); };
    for (std::size_t i = 0; i < n; ++i) {
      if (!drawn(i)) continue;
      const std::size_t begin = i;
      while (drawn(i + 1)) ++i;
      if (i > begin) draw_line(index, begin, i + 1);
    }
    for (std::size_t i = 0; i < n; ++i)
      if (drawn(i) && (n <= most_marked_points || (!drawn(i - 1) && !drawn(i + 1))))
        draw_point(index, i);
  }

  void draw_line(std::size_t index, std::size_t begin, std::size_t end) {
    const Series& series = chart_.series[index];
    add("<polyline class=\"line s{}\"{} points=\"", index % colours, dashes(index));
    for (std::size_t i = begin; i < end; ++i)
      add("{}{:.2f},{:.2f}", i > begin ? " " : "", x_of(x_place(series, i)),
          y_of(y_place(series, i)));
    add("\"/>\n");
  }

  void draw_point(std::size_t index, std::size_t i) {
    const Series& series = chart_.series[index];
    add("<circle class=\"dot d{}\" cx=\"{:.2f}\" cy=\"{:.2f}\" r=\"3.5\"><title>{}: {:.6g}, "
        "{:.6g}</title></circle>\n",
        index % colours, x_of(x_place(series, i)), y_of(y_place(series, i)),
        escaped(series.name, longest_name), series.x[i], series.y[i]);
  }

  // Series beyond the colours repeat them dashed, then dotted.
  static const char* dashes(std::size_t index) {
    if (index < colours) return "";
    return index < 2 * colours ? " stroke-dasharray=\"6 5\"" : " stroke-dasharray=\"1 4\"";
  }

  void draw_legend() {
    double x = 0, y = y_ + legend_baseline;
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
  double plot_left_, plot_width_, y_, top_;
  std::string& out_;
  bool empty_ = true;
  Axis x_axis_{}, y_axis_{};
};

}  // namespace

std::string render_rows(const std::vector<std::vector<Chart>>& rows) {
  std::size_t columns = 1;
  std::string titles, panels;
  double y = 0;
  for (const std::vector<Chart>& row : rows) {
    columns = std::max(columns, row.size());
    int legend_lines = 1;
    for (const Chart& chart : row) {
      legend_lines = std::max(legend_lines, Panel::legend_lines(chart));
      titles += (titles.empty() ? "" : ", ") + escaped(chart.title, 80);
    }
    double x = margin;
    for (const Chart& chart : row) {
      Panel(chart, x, y, legend_lines, panels).draw();
      x += panel_width + margin;
    }
    y += Panel::height(legend_lines);
  }
  const double width = margin + (panel_width + margin) * static_cast<double>(columns);
  const double height = rows.empty() ? Panel::height(1) : y;
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" "
      "height=\"{1}\" role=\"img\" aria-label=\"{2}\">\n{3}<rect class=\"paper\" x=\"0.5\" "
      "y=\"0.5\" width=\"{4}\" height=\"{5}\" rx=\"8\"/>\n{6}</svg>\n",
      width, height, titles, style, width - 1, height - 1, panels);
}

std::string render(const std::vector<Chart>& side_by_side) {
  return render_rows({side_by_side});
}

}  // namespace gradus::pictures
