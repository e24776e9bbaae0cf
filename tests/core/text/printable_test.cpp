#include "core/text/printable.hpp"

#include <doctest/doctest.h>

#include "core/error.hpp"
#include "core/text/width.hpp"

using namespace gradus;

TEST_CASE("Text of others becomes a line that a terminal shows") {
  CHECK(printable("3×3 “Ω” 漢") == "3×3 “Ω” 漢");
  CHECK(printable("\x1b[2J a\tb\r\nc\x7f") == "\\x1b[2J a\\tb\\r\\nc\\x7f");
  CHECK(printable(std::string_view("\0", 1)) == "\\x00");
  // What turns the line around, isolates and ends it; C1's introducer of escape sequences.
  CHECK(printable("\u202eabc\u2066\u2028\u061c\u200f\u009b2J") ==
        "\\u202eabc\\u2066\\u2028\\u061c\\u200f\\u009b2J");
  CHECK(printable("caf\xe9 \xf0\x9f") == "caf\\xe9 \\xf0\\x9f");
  // Invisible: a byte order mark, a joiner, a tag. No UTF-8: longer than needed, a surrogate.
  CHECK(printable("\ufeff\u200d\U000e0041") == "\\ufeff\\u200d\\ue0041");
  CHECK(printable("\xe0\x80\xaf \xf0\x80\x80\xaf \xed\xa0\x80") == "\\u002f \\u002f \\ud800");
  CHECK(printable("") == "");
}

TEST_CASE("Of a long text the middle is left out") {
  CHECK(printable("0123456789", 10) == "0123456789");
  CHECK(printable("0123456789a", 9) == "012345…9a");
  CHECK(printable("\x1b\x1b\x1b", 8) == "\\x1b\\…1b");
  const std::string much(1 << 20, 'x');
  CHECK(printable("begin" + much + "end", 20) == "beginxxxxxxxxx…xxend");
  CHECK(width_of(printable(much, longest_message)) == longest_message);
}

TEST_CASE("No error is longer than a thousand characters, or has several lines") {
  const std::string hostile = "\x1b[2J\n" + std::string(5000, 'x');
  const auto text_of = [&](auto raise) -> std::string {
    try {
      raise();
    } catch (const std::exception& error) {
      return error.what();
    }
    return "";
  };
  for (const std::string& text :
       {text_of([&] { fail("operation", "got '{}'", hostile); }),
        text_of([&] { misuse("operation", "got '{}'", hostile); }),
        text_of([&] { file_error("path", "got '{}'", hostile); }),
        text_of([&] { throw WriteError("path: got '" + hostile + '\''); })}) {
    CAPTURE(text);
    CHECK(width_of(text) == longest_message);
    CHECK(text.find("got '\\x1b[2J\\nxxx") != text.npos);
    CHECK(text.ends_with("xxx'"));
  }
  CHECK(text_of([] { of_file("a\x1b", [] { file_error("a\x1b", "is damaged"); }); }) ==
        "a\\x1b: is damaged");
}
