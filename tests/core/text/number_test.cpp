#include "core/text/number.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>

using namespace gradus;

TEST_CASE("A text is parsed as a number only if all of it is one") {
  CHECK(parse_number<double>("-2.5e-3") == -0.0025);
  CHECK(parse_number<int64_t>("12") == 12);
  CHECK(std::isinf(parse_number<double>("inf").value()));
  for (const char* text : {"", " 1", "1 ", "1x", "+1", "0x10", "1,5", "1e999"})
    CHECK_FALSE(parse_number<double>(text));
  for (const char* text : {"1.5", "99999999999999999999", "-"})
    CHECK_FALSE(parse_number<int64_t>(text));
}
