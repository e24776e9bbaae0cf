#include "core/io/terminal.hpp"

#include <doctest/doctest.h>

TEST_CASE("A bar of progress is as full as what is done") {
  CHECK(gradus::progress_bar(0.5, 4) == "██░░");
  CHECK(gradus::progress_bar(0, 2) == "░░");
  CHECK(gradus::progress_bar(1, 2) == "██");
}
