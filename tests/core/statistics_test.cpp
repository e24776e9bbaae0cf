#include "core/statistics.hpp"

#include <doctest/doctest.h>

using namespace gradus;

TEST_CASE("the median is the middle value, or the mean of both in the middle") {
  CHECK(median({3, 1, 2}) == 2);
  CHECK(median({4, 1, 3, 2}) == 2.5);
  CHECK(median({7}) == 7);
  CHECK_THROWS_WITH(median({}), "[median] needs at least one value");
}
