// duration, parse_duration: examples and invalid texts.
#include "core/text/duration.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace gradus;

TEST_CASE("parse_duration reads hours, minutes and seconds") {
  CHECK(parse_duration("90") == 90);
  CHECK(parse_duration("90s") == 90);
  CHECK(parse_duration("0.5s") == 0.5);
  CHECK(parse_duration("10m") == 600);
  CHECK(parse_duration("1.5h") == 5400);
  CHECK(parse_duration("1h30m5s") == 5405);
  for (const char* wrong : {"", "0", "-1", "10x", "m", "1h30", "1 h", "1e3", "nan", "10ms", "..5s"})
    CHECK_MESSAGE(parse_duration(wrong) == std::nullopt, wrong);
}

TEST_CASE("duration writes [hours:]minutes:seconds") {
  CHECK(duration(6.6) == "0:07");
  CHECK(duration(600) == "10:00");
  CHECK(duration(3723) == "1:02:03");
  CHECK(duration(1e300) == "1e+300 s");
  CHECK(duration(std::nan("")) == "nan s");
}
