#include "data/table/cell_text.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <limits>

using namespace gradus;
using data::read_number;

TEST_CASE("numbers of tables are rounded to the nearest double, however long they are") {
  const auto check = [](const std::string& text, double expected, char point = '.') {
    double value = -1;
    CAPTURE(text);
    CHECK(read_number(text, point, value));
    CHECK(std::bit_cast<uint64_t>(value) == std::bit_cast<uint64_t>(expected));
  };
  const double infinity = std::numeric_limits<double>::infinity();
  check("0", 0);
  check("-0", -0.0);
  check("+2.5", 2.5);
  check("5.", 5);
  check(".5", .5);
  check("-1,25", -1.25, ',');
  check("1,5e3", 1500, ',');
  check("0.1", 0.1);
  check("9007199254740993", 9007199254740992);
  check("9007199254740992.5", 9007199254740992);
  check("0.30000000000000004", 0.30000000000000004);
  check("1e23", 1e23);
  check("8.5e-3", 8.5e-3);
  check("2.2250738585072011e-308", 2.2250738585072011e-308);
  check("179769313486231570" + std::string(291, '0'), 1.7976931348623157e308);
  check("1" + std::string(400, '0'), infinity);
  check("-1" + std::string(400, '0') + ".0", -infinity);
  check("1" + std::string(400, '0') + "e-400", 1);
  check("0." + std::string(400, '0') + "1", 0);
  check("-0." + std::string(400, '0') + "1", -0.0);
  check("1e400", infinity);
  check("-1e99999999999999999999", -infinity);
  check("1e-99999999999999999999", 0);
  check("0e99999999999999999999", 0);
  check("inf", infinity);
  check("-Infinity", -infinity);
  for (const char* text :
       {"",           "+",    "-",       ".",    "+-1",       "-+1",
        "--1",        "1e",   "1e+",     "e5",   "1.2.3",     "1,2",
        "nan",        "-nan", "nan(1)",  "0x10", "31/1/2024", "12345678.1234567x",
        "1.1234x678", "1 ",   "infinit", "1_000"}) {
    double value = 0.5;
    CAPTURE(text);
    CHECK_FALSE(read_number(text, '.', value));
    CHECK(value == 0.5);
  }
  double value = 0;
  CHECK_FALSE(read_number("1.5", ',', value));
}
