#include "apps/lab/draw/finished_page.hpp"

#include <doctest/doctest.h>

#include "tests/apps/pictures/svg.hpp"

using namespace gradus;
using namespace gradus::lab;

namespace {

Finished finished(const std::string& name, const std::string& chapter, Outcome outcome) {
  Finished one;
  one.experiment = {.name = name,
                    .chapter = chapter,
                    .title = "Title of <" + name + ">",
                    .claim = "a < b & c",
                    .source = "Nobody 1999"};
  one.report = {.verdict = {outcome, "It was 3 & 4.", "for n > 2"},
                .measured = "much",
                .tables = {{"Numbers", {"a", "b"}, {{"x", 1.5}}}, {"More", {"c"}, {{2.}}}},
                .charts = {{{"Chart", "x", "y", {{"s", {1, 2}, {3, 4}}}}}},
                .images = {{"sheet", "Rows & columns", "\xff\xfe\x01Ma"}}};
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
      to_page({finished("one", "First", Outcome::holds), finished("two", "Second", Outcome::fails),
               finished("three", "First", Outcome::conditional)});
  CHECK(badly_nested(page) == "");
  CHECK(occurrences(page, "<svg ") == 3);
  CHECK(occurrences(page, "<h2>") == 2);
  for (const std::string name : {"one", "two", "three"}) {
    CHECK(occurrences(page, "<a href=\"#" + name + "\">Title of &lt;" + name + "&gt;</a>") == 1);
    CHECK(occurrences(page, "<section id=\"" + name + "\">") == 1);
  }
  CHECK(page.find("id=\"three\"") < page.find("id=\"two\""));
  CHECK(occurrences(page, "holds for n &gt; 2") == 2);
  CHECK(occurrences(page, "a &lt; b &amp; c") == 3);
  CHECK(occurrences(page, "prefers-color-scheme:dark") >= 1);
  CHECK(occurrences(
            page, "<img alt=\"Rows &amp; columns\" src=\"data:image/png;base64,//4BTWE=\">") == 3);
  // Nothing is fetched: a namespace is only a name, and images are embedded.
  const std::regex names(R"(xmlns="http://www\.w3\.org/2000/svg"|src="data:image/png;base64,)");
  const std::string rest = std::regex_replace(page, names, "");
  for (const char* loads : {"http:", "https:", "src=", "url(", "@import", "<script", "<link"})
    CHECK(occurrences(rest, loads) == 0);
}

TEST_CASE("The terminal and the Markdown page say claim, measurement, tables and verdict") {
  const Finished one = finished("one", "First", Outcome::conditional);
  CHECK(to_text(one) ==
        "one: Title of <one>\n\nClaim: a < b & c (Nobody 1999)\nMeasured: much\n\nNumbers\na    b\n"
        "x  1.5\n\nMore\nc\n2\n\nVerdict: the claim holds for n > 2. It was 3 "
        "& 4.\n");
  CHECK(to_markdown(one) ==
        "# Title of <one>\n\n**Claim.** a < b & c (Nobody 1999)\n\n**Measured.** much\n\n"
        "**Verdict.** The claim holds for n > 2. It was 3 & 4.\n\n"
        "![Title of <one>](one.svg)\n\n![Rows & columns](sheet.png)\n\nNumbers\n\n| a | b "
        "|\n|---|---:|\n| x | 1.5 |\n\nMore\n\n"
        "| c |\n|---:|\n| 2 |\n");
  CHECK(to_csv(one) == "a,b\nx,1.5\n\nc\n2\n");
}

TEST_CASE("A verdict says what it didn't judge") {
  Finished one = finished("one", "First", Outcome::holds);
  one.report.verdict.not_judged = "larger n";
  const std::string sentence = "It was 3 & 4. Not judged: larger n.\n";
  CHECK(to_text(one).ends_with("Verdict: the claim holds. " + sentence));
  CHECK(to_markdown(one).find("The claim holds. " + sentence) != std::string::npos);
  CHECK(to_page({one}).find("It was 3 &amp; 4. Not judged: larger n.</p>") != std::string::npos);
}
