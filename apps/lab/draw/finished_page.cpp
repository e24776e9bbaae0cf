#include "apps/lab/draw/finished_page.hpp"

#include <fmt/format.h>

#include "apps/pictures/markup.hpp"
#include "core/text/width.hpp"

namespace gradus::lab {
namespace {

using pictures::escaped;

constexpr std::size_t line_width = 100;

constexpr std::string_view verdict_style =
    R"(:root{--holds:#11724f;--conditional:#9a5700;--fails:#b3261e}
@media (prefers-color-scheme:dark){:root{--holds:#3fc6a0;--conditional:#ffa657;--fails:#ff8a80}}
.holds,.conditional,.fails{font-weight:600}
.holds{color:var(--holds)}.conditional{color:var(--conditional)}.fails{color:var(--fails)}
)";

std::string wrapped(std::string_view text) {
  return gradus::wrapped(text, line_width);
}

// The reason, and what was not judged.
std::string explanation(const Verdict& verdict) {
  if (verdict.not_judged.empty()) return verdict.reason;
  return fmt::format("{} Not judged: {}.", verdict.reason, verdict.not_judged);
}

const char* css_class(const Verdict& verdict) {
  if (verdict.outcome == Outcome::holds) return "holds";
  return verdict.outcome == Outcome::fails ? "fails" : "conditional";
}

std::string line_of_contents(const Finished& one) {
  return fmt::format("<li><a href=\"#{}\">{}</a>: <span class=\"{}\">{}</span></li>\n",
                     one.experiment.name, escaped(one.experiment.title),
                     css_class(one.report.verdict), escaped(to_string(one.report.verdict)));
}

std::string section(const Finished& one) {
  const Experiment& experiment = one.experiment;
  const Report& report = one.report;
  std::string result = fmt::format(
      "<section id=\"{}\">\n<h3>{}</h3>\n<blockquote>{} <cite>({})</cite></blockquote>\n"
      "<p>{}</p>\n<p><span class=\"{}\">The claim {}.</span> {}</p>\n",
      experiment.name, escaped(experiment.title), escaped(experiment.claim),
      escaped(experiment.source), escaped(report.measured), css_class(report.verdict),
      escaped(to_string(report.verdict)), escaped(explanation(report.verdict)));
  std::string charts;
  for (const auto& row : report.charts)
    for (const pictures::Chart& chart : row) charts += pictures::render({chart});
  result += pictures::side_by_side(charts);
  for (const Image& image : report.images) result += pictures::png_figure(image.png, image.title);
  for (const Table& table : report.tables) result += to_html(table);
  return result + "</section>\n";
}

}  // namespace

std::string to_text(const Finished& finished) {
  const auto& [experiment, report] = finished;
  std::string result = fmt::format("{}: {}\n\n", experiment.name, experiment.title) +
                       wrapped(fmt::format("Claim: {} ({})", experiment.claim, experiment.source)) +
                       wrapped(fmt::format("Measured: {}", report.measured));
  for (const Table& table : report.tables)
    result += fmt::format("\n{}\n{}", table.title, to_text(table));
  return fmt::format("{}\n{}", result,
                     wrapped(fmt::format("Verdict: the claim {}. {}", to_string(report.verdict),
                                         explanation(report.verdict))));
}

std::string to_markdown(const Finished& finished) {
  const auto& [experiment, report] = finished;
  const auto paragraph = [](const char* name, const std::string& text) {
    return fmt::format("{}\n", wrapped(fmt::format("**{}.** {}", name, text)));
  };
  std::string result =
      fmt::format("# {}\n\n", experiment.title) +
      paragraph("Claim", fmt::format("{} ({})", experiment.claim, experiment.source)) +
      paragraph("Measured", report.measured) +
      paragraph("Verdict", fmt::format("The claim {}. {}", to_string(report.verdict),
                                       explanation(report.verdict))) +
      fmt::format("![{}]({}.svg)\n", experiment.title, experiment.name);
  for (const Image& image : report.images)
    result += fmt::format("\n![{0}]({1}.png)\n", image.title, image.name);
  for (const Table& table : report.tables)
    result += fmt::format("\n{}\n\n{}", table.title, to_markdown(table));
  return result;
}

std::string to_csv(const Finished& finished) {
  std::string result;
  for (const Table& table : finished.report.tables) {
    if (!result.empty()) result += '\n';
    result += to_csv(table);
  }
  return result;
}

std::string to_svg(const Finished& finished) {
  return pictures::render_rows(finished.report.charts);
}

std::string to_page(const std::vector<Finished>& all) {
  std::vector<Experiment> list;
  for (const Finished& one : all) list.push_back(one.experiment);
  std::string contents, body;
  for (const std::string& chapter : chapters(list)) {
    contents += fmt::format("<p>{}</p>\n<ul>\n", escaped(chapter));
    body += fmt::format("<h2>{}</h2>\n", escaped(chapter));
    for (const Finished& one : all) {
      if (one.experiment.chapter != chapter) continue;
      contents += line_of_contents(one);
      body += section(one);
    }
    contents += "</ul>\n";
  }
  return pictures::page("The lab", fmt::format("<nav>\n{}</nav>\n{}", contents, body),
                        verdict_style);
}

}  // namespace gradus::lab
