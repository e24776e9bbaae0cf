#include "apps/lab/measure/timing.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace gradus::lab;

TEST_CASE("Functions whose times are compared take turns") {
  std::string calls;
  const TwoTimes times = seconds_in_turns(
      3, [&] { calls += 'a'; }, [&] { calls += 'b'; });
  CHECK(calls == "ababab");
  CHECK(times.first >= 0);
  CHECK(times.second >= 0);
  CHECK(TwoTimes{3, 2}.ratio() == 1.5);
}
