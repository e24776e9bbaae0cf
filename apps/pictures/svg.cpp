#include "apps/pictures/svg.hpp"

#include "apps/pictures/markup.hpp"

namespace gradus::pictures {

// Colours of a colour-blind-safe palette; a media query makes them lighter on a dark background.
// All pictures have the same style sheet, since on one page it applies to all of them.
constexpr std::string_view style = R"(<style>
text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;fill:#57606a}
.title{font-size:15px;font-weight:600;fill:#1f2328}
.name{fill:#1f2328}
.small{font-size:10px}
.onfull{fill:#ffffff}
.halo{paint-order:stroke;stroke:#ffffff;stroke-width:4;stroke-linejoin:round}
.paper{fill:#ffffff;stroke:#d8dee4}
.grid{stroke:#e6eaef}
.axis{stroke:#8c959f}
.frame{fill:none;stroke:#d8dee4}
.line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
.thin{stroke-width:1.3}
.faint{stroke-width:1;stroke-opacity:.45}
.dot{stroke:#ffffff;stroke-width:1.5}
image{image-rendering:pixelated}
.smooth{image-rendering:auto}
.s0{stroke:#1f6feb}.d0{fill:#1f6feb}
.s1{stroke:#e36209}.d1{fill:#e36209}
.s2{stroke:#118a6d}.d2{fill:#118a6d}
.s3{stroke:#8250df}.d3{fill:#8250df}
.s4{stroke:#cf2f6f}.d4{fill:#cf2f6f}
.s5{stroke:#6e7781}.d5{fill:#6e7781}
@media (prefers-color-scheme:dark){
text{fill:#9198a1}
.title,.name{fill:#f0f6fc}
.onfull{fill:#0d1117}
.halo{stroke:#0d1117}
.paper{fill:#0d1117;stroke:#30363d}
.grid{stroke:#21262d}
.axis{stroke:#656c76}
.frame{stroke:#30363d}
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

constexpr std::size_t longest_label = 300;

std::string title_element(std::string_view tooltip) {
  return tooltip.empty() ? "" : fmt::format("<title>{}</title>", escaped(tooltip));
}

void Canvas::text(std::string_view kind, double x, double y, std::string_view anchor,
                  std::string_view content, std::size_t most) {
  add("<text class=\"{}\" x=\"{:.2f}\" y=\"{:.2f}\" text-anchor=\"{}\">{}</text>\n", kind, x, y,
      anchor, escaped(content, most));
}

void Canvas::line(std::string_view kind, double x1, double y1, double x2, double y2) {
  add("<line class=\"{}\" x1=\"{:.2f}\" y1=\"{:.2f}\" x2=\"{:.2f}\" y2=\"{:.2f}\"/>\n", kind, x1,
      y1, x2, y2);
}

void Canvas::rectangle(std::string_view kind, double x, double y, double width, double height,
                       double opacity, std::string_view tooltip) {
  const std::string fill = opacity < 1 ? fmt::format(" fill-opacity=\"{:.3f}\"", opacity) : "";
  add("<rect class=\"{}\" x=\"{:.2f}\" y=\"{:.2f}\" width=\"{:.2f}\" height=\"{:.2f}\"{}>{}</rect>"
      "\n",
      kind, x, y, width, height, fill, title_element(tooltip));
}

void Canvas::image(double x, double y, double width, double height, std::string_view png,
                   std::string_view tooltip, std::string_view kind) {
  const std::string classes = kind.empty() ? "" : fmt::format("class=\"{}\" ", kind);
  add("<image {}x=\"{:.2f}\" y=\"{:.2f}\" width=\"{:.2f}\" height=\"{:.2f}\" "
      "preserveAspectRatio=\"none\" href=\"data:image/png;base64,{}\">{}</image>\n",
      classes, x, y, width, height, base64(png), title_element(tooltip));
}

std::string Canvas::document(double width, double height, std::string_view label) const {
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" "
      "height=\"{1}\" role=\"img\" aria-label=\"{2}\">\n{3}<rect class=\"paper\" x=\"0.5\" "
      "y=\"0.5\" width=\"{4}\" height=\"{5}\" rx=\"8\"/>\n{6}</svg>\n",
      width, height, escaped(label, longest_label), style, width - 1, height - 1, elements_);
}

}  // namespace gradus::pictures
