#include "apps/lab/draw/finished_page.hpp"

#include <fmt/format.h>

#include "apps/pictures/markup.hpp"
#include "core/text/width.hpp"

namespace gradus::lab {
namespace {

using pictures::escaped;

constexpr std::size_t line_width = 100;

constexpr std::string_view verdict_style =
    R"(:root{--holds:#11724f;--open:#9a5700;--fails:#b3261e}
@media (prefers-color-scheme:dark){:root{--holds:#3fc6a0;--open:#ffa657;--fails:#ff8a80}}
.holds,.open,.fails{font-weight:600}
.holds{color:var(--holds)}.open{color:var(--open)}.fails{color:var(--fails)}
)";

std::string wrapped(std::string_view text) {
  return gradus::wrapped(text, line_width);
}

const char* css_class(Outcome outcome) {
  constexpr const char* classes[] = {"holds", "open", "fails", "open"};
  return classes[static_cast<std::size_t>(outcome)];
}

const char* css_class(Finding finding) {
  constexpr const char* classes[] = {"holds", "fails", "open", "open"};
  return classes[static_cast<std::size_t>(finding)];
}

// The parts as a list, the same for the terminal and for Markdown, and the remarks.
std::string list_of_parts(const Verdict& verdict) {
  std::string result;
  for (const Part& part : verdict.parts)
    result += "- " + gradus::wrapped(to_string(part) + ".", line_width, 2);
  const std::string rest = remarks(verdict);
  return rest.empty() ? result : result + '\n' + wrapped(rest);
}

std::string list_item(const Part& part) {
  const std::string word = to_string(part.finding);
  return fmt::format("<li><span class=\"{}\">{}</span>{}</li>\n", css_class(part.finding), word,
                     escaped(to_string(part).substr(word.size())));
}

std::string line_of_contents(const Finished& one) {
  return fmt::format("<li><a href=\"#{}\">{}</a>: <span class=\"{}\">{}</span></li>\n",
                     one.experiment.name, escaped(one.experiment.title),
                     css_class(one.report.verdict.outcome()),
                     to_string(one.report.verdict.outcome()));
}

std::string section(const Finished& one) {
  const Experiment& experiment = one.experiment;
  const Report& report = one.report;
  std::string result = fmt::format(
      "<section id=\"{}\">\n<h3>{}</h3>\n<blockquote>{} <cite>({})</cite></blockquote>\n"
      "<p>{}</p>\n<p><span class=\"{}\">The claim {}.</span></p>\n<ul>\n",
      experiment.name, escaped(experiment.title), escaped(experiment.claim),
      escaped(experiment.source), escaped(report.measured), css_class(report.verdict.outcome()),
      to_string(report.verdict.outcome()));
  for (const Part& part : report.verdict.parts) result += list_item(part);
  result += "</ul>\n";
  const std::string rest = remarks(report.verdict);
  if (!rest.empty()) result += fmt::format("<p>{}</p>\n", escaped(rest));
  std::string charts;
  for (const auto& row : report.charts)
    for (const pictures::Chart& chart : row) charts += pictures::render({chart});
  result += pictures::side_by_side(charts);
  for (const Image& image : report.images) result += pictures::scrolling(image.svg);
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
  return fmt::format("{}\nVerdict: the claim {}.\n{}", result, to_string(report.verdict.outcome()),
                     list_of_parts(report.verdict));
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
      paragraph("Verdict", fmt::format("The claim {}.", to_string(report.verdict.outcome()))) +
      fmt::format("{}\n![{}]({}.svg)\n", list_of_parts(report.verdict), experiment.title,
                  experiment.name);
  for (const Image& image : report.images)
    result += fmt::format("\n![{0}]({1}.svg)\n", image.title, image.name);
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
