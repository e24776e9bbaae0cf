#include "apps/pictures/markup.hpp"

#include <fmt/format.h>

#include <cstdint>

#include "core/text/printable.hpp"
#include "core/text/width.hpp"

namespace gradus::pictures {

constexpr std::string_view page_style =
    R"(:root{--ink:#1f2328;--faint:#57606a;--paper:#ffffff;--rule:#d8dee4;--link:#0b57c2}
@media (prefers-color-scheme:dark){:root{--ink:#f0f6fc;--faint:#9198a1;--paper:#0d1117;
--rule:#30363d;--link:#6cb6ff}}
body{margin:0 auto;padding:1rem;max-width:68rem;background:var(--paper);color:var(--ink);
font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
h1,p{overflow-wrap:anywhere}
a{color:var(--link)}
h2{margin-top:3rem;border-top:1px solid var(--rule);padding-top:1rem}
h3{margin-top:2.5rem}
blockquote{margin:1rem 0;padding-left:1rem;border-left:3px solid var(--rule)}
cite,caption{color:var(--faint);font-style:normal}
caption{text-align:left;padding-bottom:.3rem}
.charts{display:flex;flex-wrap:wrap;align-items:flex-start;gap:1rem;margin:1rem 0}
.charts svg{max-width:100%;height:auto}
.scrolls{overflow-x:auto;margin:1rem 0}
pre{white-space:pre-wrap;overflow-wrap:anywhere}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.9rem}
th,td{padding:.2rem .7rem .2rem 0;border-bottom:1px solid var(--rule);text-align:left}
th.number,td.number{text-align:right;white-space:nowrap}
)";

std::string escaped(std::string_view text, std::size_t most) {
  std::vector<std::string_view> all = characters(text);
  if (all.size() > most) {
    all.resize(most - 1);
    all.push_back("…");
  }
  std::string result;
  for (const std::string_view c : all)
    result += c == "&"                 ? "&amp;"
              : c == "<"               ? "&lt;"
              : c == ">"               ? "&gt;"
              : c == "\""              ? "&quot;"
              : c == "\n" || c == "\t" ? std::string(c)
                                       : printable(c);
  return result;
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

std::string page(std::string_view title, std::string_view body, std::string_view style) {
  return fmt::format(
      R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>{0}</title>
<style>
{1}{2}</style>
</head>
<body>
<h1>{0}</h1>
{3}</body>
</html>
)",
      escaped(title), page_style, style, body);
}

std::string section(std::string_view title, std::string_view html) {
  return fmt::format("<section>\n<h2>{}</h2>\n{}</section>\n", title, html);
}

std::string side_by_side(std::string_view svgs) {
  return fmt::format("<div class=\"charts\">\n{}</div>\n", svgs);
}

std::string scrolling(std::string_view html) {
  return fmt::format("<div class=\"scrolls\">\n{}</div>\n", html);
}

}  // namespace gradus::pictures
