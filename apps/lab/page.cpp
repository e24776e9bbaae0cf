#include "apps/lab/page.hpp"

#include <fmt/format.h>

#include <string_view>

namespace gradus::lab {
namespace {

constexpr std::size_t line_width = 100;

constexpr std::string_view page_head = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>The lab</title>
<style>
:root{--ink:#1f2328;--faint:#57606a;--paper:#ffffff;--rule:#d8dee4;--link:#0b57c2;
--holds:#11724f;--conditional:#9a5700;--fails:#b3261e}
@media (prefers-color-scheme:dark){:root{--ink:#f0f6fc;--faint:#9198a1;--paper:#0d1117;
--rule:#30363d;--link:#6cb6ff;--holds:#3fc6a0;--conditional:#ffa657;--fails:#ff8a80}}
body{margin:0 auto;padding:1rem;max-width:64rem;background:var(--paper);color:var(--ink);
font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
a{color:var(--link)}
h2{margin-top:3rem;border-top:1px solid var(--rule);padding-top:1rem}
h3{margin-top:2.5rem}
blockquote{margin:1rem 0;padding-left:1rem;border-left:3px solid var(--rule)}
cite,caption{color:var(--faint);font-style:normal}
caption{text-align:left;padding-bottom:.3rem}
.holds,.conditional,.fails{font-weight:600}
.holds{color:var(--holds)}.conditional{color:var(--conditional)}.fails{color:var(--fails)}
.charts{display:flex;flex-wrap:wrap;gap:1rem;margin:1rem 0}
.charts svg{max-width:100%;height:auto}
figure{margin:1rem 0}
figure img{width:min(100%,40rem);image-rendering:pixelated}
figcaption{color:var(--faint)}
.scrolls{overflow-x:auto;margin:1rem 0}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.9rem}
th,td{padding:.2rem .7rem .2rem 0;border-bottom:1px solid var(--rule);text-align:left}
th.number,td.number{text-align:right;white-space:nowrap}
</style>
</head>
<body>
<h1>The lab</h1>
)";

std::string wrapped(const std::string& text) {
  std::string result;
  std::size_t column = 0;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find(' ', start), text.size());
    const std::string word = text.substr(start, end - start);
    if (column > 0) {
      const bool fits = column + 1 + word.size() <= line_width;
      result += fits ? ' ' : '\n';
      column = fits ? column + 1 : 0;
    }
    result += word;
    column += word.size();
    start = end + 1;
  }
  return result + '\n';
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string result;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t bits = 0;
    for (std::size_t k = i; k < i + 3; ++k)
      bits = bits << 8 | (k < bytes.size() ? static_cast<unsigned char>(bytes[k]) : 0);
    for (std::size_t k = 0; k < 4; ++k)
      result += i + k <= bytes.size() ? digits[bits >> (18 - 6 * k) & 63] : '=';
  }
  return result;
}

const char* css_class(const Verdict& verdict) {
  if (verdict.outcome == Outcome::holds) return "holds";
  return verdict.outcome == Outcome::fails ? "fails" : "conditional";
}

std::string contents(const std::vector<Chapter>& chapters, const std::vector<Finished>& all) {
  std::string result = "<nav>\n";
  for (const Chapter& chapter : chapters) {
    result += fmt::format("<p>{}</p>\n<ul>\n", escape_html(chapter.name));
    for (const Finished& one : all)
      if (one.experiment.chapter == chapter.name)
        result +=
            fmt::format("<li><a href=\"#{}\">{}</a>: <span class=\"{}\">{}</span></li>\n",
                        one.experiment.name, escape_html(one.experiment.title),
                        css_class(one.report.verdict), escape_html(to_string(one.report.verdict)));
    result += "</ul>\n";
  }
  return result + "</nav>\n";
}

std::string section(const Finished& one) {
  const Experiment& experiment = one.experiment;
  const Report& report = one.report;
  std::string result = fmt::format(
      "<section id=\"{}\">\n<h3>{}</h3>\n<blockquote>{} <cite>({})</cite></blockquote>\n"
      "<p>{}</p>\n<p><span class=\"{}\">The claim {}.</span> {}</p>\n<div class=\"charts\">\n",
      experiment.name, escape_html(experiment.title), escape_html(experiment.claim),
      escape_html(experiment.source), escape_html(report.measured), css_class(report.verdict),
      escape_html(to_string(report.verdict)), escape_html(report.verdict.reason));
  for (const auto& row : report.charts)
    for (const pictures::Chart& chart : row) result += pictures::render({chart});
  result += "</div>\n";
  for (const Image& image : report.images)
    result += fmt::format(
        "<figure><img alt=\"{0}\" src=\"data:image/png;base64,{1}\">\n<figcaption>{0}</figcaption>"
        "</figure>\n",
        escape_html(image.title), base64(image.png));
  for (const Table& table : report.tables)
    result += fmt::format("<div class=\"scrolls\">\n{}</div>\n", to_html(table));
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
                                         report.verdict.reason)));
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
      paragraph("Verdict",
                fmt::format("The claim {}. {}", to_string(report.verdict), report.verdict.reason)) +
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
  const std::vector<Chapter> chapters = lab::chapters(list);
  std::string result = std::string(page_head) + contents(chapters, all);
  for (const Chapter& chapter : chapters) {
    result += fmt::format("<h2>{}</h2>\n", escape_html(chapter.name));
    for (const Finished& one : all)
      if (one.experiment.chapter == chapter.name) result += section(one);
  }
  return result + "</body>\n</html>\n";
}

}  // namespace gradus::lab
