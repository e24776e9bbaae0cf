#include "core/text/split.hpp"

#include <doctest/doctest.h>

#include "core/text/width.hpp"

using namespace gradus;

TEST_CASE("The width of a text is its number of characters, and texts are cut between characters") {
  CHECK(width_of("") == 0);
  CHECK(width_of("äö€😀") == 4);
  CHECK(width_of("a\xff\xc3") == 3);  // invalid bytes count as characters
  CHECK(shortened("äöü", 3) == "äöü");
  CHECK(shortened("äöüß", 3) == "äö…");
}

TEST_CASE("wrapped breaks a text between words, counting characters") {
  CHECK(wrapped("", 10) == "\n");
  CHECK(wrapped("one two three", 7) == "one two\nthree\n");
  CHECK(wrapped("ein Äpfelß da", 10) == "ein Äpfelß\nda\n");
  CHECK(wrapped("a longestword b", 6, 2) == "a\n  longestword\n  b\n");
}
