#include "core/text/counted.hpp"

#include <doctest/doctest.h>

TEST_CASE("a counted noun has an s unless there is one") {
  CHECK(gradus::counted(0, "sample") == "0 samples");
  CHECK(gradus::counted(1, "sample") == "1 sample");
  CHECK(gradus::counted(2, "sample") == "2 samples");
}
