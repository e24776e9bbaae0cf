#include "apps/lab/draw/finished_page.hpp"

#include <doctest/doctest.h>

#include "tests/apps/pictures/svg.hpp"

using namespace gradus;
using namespace gradus::lab;

namespace {

Finished finished(const std::string& name, const std::string& chapter, Finding second) {
  Finished one;
  one.experiment = {.name = name,
                    .chapter = chapter,
                    .title = "Title of <" + name + ">",
                    .claim = "a < b & c",
                    .source = "Nobody 1999"};
  one.report = {.verdict = {{{"n > 2", Finding::holds, "3 & 4"}, {"n < 2", second}}, "Noise."},
                .measured = "much",
                .tables = {{"Numbers", {"a", "b"}, {{"x", 1.5}}}, {"More", {"c"}, {{2.}}}},
                .charts = {{{"Chart", "x", "y", {{"s", {1, 2}, {3, 4}}}}}},
                .images = {{"sheet", "Rows & columns", "<svg >rows</svg>\n"}}};
  return one;
}

// The first element that is not closed, or closed in the wrong order; ignores empty elements.
std::string badly_nested(const std::string& html) {
  std::vector<std::string> open;
  const std::regex tag(R"(<(/?)([a-zA-Z0-9]+)[^>]*?(/?)>)");
  for (std::sregex_iterator it(html.begin(), html.end(), tag), end; it != end; ++it) {
    const std::string name = (*it)[2];
    if (name == "meta" || name == "img" || (*it)[3].length() > 0) continue;
    if ((*it)[1].length() == 0) {
      open.push_back(name);
    } else {
      if (open.empty() || open.back() != name) return name;
      open.pop_back();
    }
  }
  return open.empty() ? "" : open.back();
}

}  // namespace

TEST_CASE("The page is well-formed, loads nothing, and has every picture and a link to each part") {
  const std::string page =
      to_page({finished("one", "First", Finding::holds), finished("two", "Second", Finding::fails),
               finished("three", "First", Finding::unclear)});
  CHECK(badly_nested(page) == "");
  CHECK(occurrences(page, "<svg ") == 6);
  CHECK(occurrences(page, "<h2>") == 2);
  for (const std::string name : {"one", "two", "three"}) {
    CHECK(occurrences(page, "<a href=\"#" + name + "\">Title of &lt;" + name + "&gt;</a>") == 1);
    CHECK(occurrences(page, "<section id=\"" + name + "\">") == 1);
  }
  CHECK(page.find("id=\"three\"") < page.find("id=\"two\""));
  CHECK(occurrences(page, "<span class=\"holds\">The claim holds.</span>") == 1);
  CHECK(occurrences(page, "<span class=\"open\">holds in part</span></li>") == 2);
  CHECK(occurrences(page, "<li><span class=\"holds\">holds</span>: n &gt; 2; 3 &amp; 4</li>") == 3);
  CHECK(occurrences(page, "<li><span class=\"fails\">fails</span>: n &lt; 2</li>") == 1);
  CHECK(occurrences(page, "<li><span class=\"open\">not clear</span>: n &lt; 2</li>") == 1);
  CHECK(occurrences(page, "a &lt; b &amp; c") == 3);
  CHECK(occurrences(page, "prefers-color-scheme:dark") >= 1);
  CHECK(occurrences(page, "<svg >rows</svg>") == 3);
  // Nothing is fetched: a namespace is only a name.
  const std::regex names(R"(xmlns="http://www\.w3\.org/2000/svg")");
  const std::string rest = std::regex_replace(page, names, "");
  for (const char* loads : {"http:", "https:", "src=", "url(", "@import", "<script", "<link"})
    CHECK(occurrences(rest, loads) == 0);
}

TEST_CASE("The terminal and the Markdown page say claim, measurement, tables and verdict") {
  const Finished one = finished("one", "First", Finding::not_judged);
  CHECK(to_text(one) ==
        "one: Title of <one>\n\nClaim: a < b & c (Nobody 1999)\nMeasured: much\n\nNumbers\na    b\n"
        "x  1.5\n\nMore\nc\n2\n\nVerdict: the claim holds in part.\n"
        "- holds: n > 2; 3 & 4.\n- not judged: n < 2.\n\nNoise.\n");
  CHECK(to_markdown(one) ==
        "# Title of <one>\n\n**Claim.** a < b & c (Nobody 1999)\n\n**Measured.** much\n\n"
        "**Verdict.** The claim holds in part.\n\n- holds: n > 2; 3 & 4.\n- not judged: n < 2.\n\n"
        "Noise.\n\n"
        "![Title of <one>](one.svg)\n\n![Rows & columns](sheet.svg)\n\nNumbers\n\n| a | b "
        "|\n|---|---:|\n| x | 1.5 |\n\nMore\n\n"
        "| c |\n|---:|\n| 2 |\n");
  CHECK(to_csv(one) == "a,b\nx,1.5\n\nc\n2\n");
}

TEST_CASE("A verdict says what it didn't test") {
  Finished one = finished("one", "First", Finding::holds);
  one.report.verdict.not_tested = "larger n";
  CHECK(to_text(one).ends_with("\n\nNoise. Not tested: larger n.\n"));
  CHECK(to_markdown(one).find("\n\nNoise. Not tested: larger n.\n\n") != std::string::npos);
  CHECK(to_page({one}).find("<p>Noise. Not tested: larger n.</p>") != std::string::npos);
  one.report.verdict.remark = "";
  CHECK(to_text(one).ends_with("\n\nNot tested: larger n.\n"));
  one.report.verdict.not_tested = "";
  CHECK(to_text(one).ends_with("- holds: n < 2.\n"));
}
