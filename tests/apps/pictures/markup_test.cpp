// markup_test: escaped, base64.
#include "apps/pictures/markup.hpp"

#include "core/text/width.hpp"

#include <doctest/doctest.h>

using namespace gradus::pictures;

TEST_CASE("Texts are escaped for SVG and HTML and cut between characters") {
  CHECK(escaped("a < b & \"c\" > d\n\t") == "a &lt; b &amp; &quot;c&quot; &gt; d\n\t");
  CHECK(escaped("\x01\x7f\xff\xc3") == R"(\x01\x7f\xff\xc3)");
  CHECK(escaped("äöü&<", 4) == "äöü…");
  CHECK(escaped("äöü&", 4) == "äöü&amp;");
  CHECK(width_of("äöü&\xff") == 5);
}

TEST_CASE("Long lines of preformatted text are wrapped on a page") {
  CHECK(page("t", "").find("\npre{white-space:pre-wrap;overflow-wrap:anywhere}\n") !=
        std::string::npos);
}

// RFC 4648, section 10.
TEST_CASE("base64 pads to complete groups") {
  CHECK(base64("") == "");
  CHECK(base64("f") == "Zg==");
  CHECK(base64("fo") == "Zm8=");
  CHECK(base64("foo") == "Zm9v");
  CHECK(base64("foobar") == "Zm9vYmFy");
  CHECK(base64("\xff\xfe\xfd") == "//79");
}
