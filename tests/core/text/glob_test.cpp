#include "core/text/glob.hpp"

#include <doctest/doctest.h>

using namespace gradus;

TEST_CASE("In a pattern, * stands for any characters and ? for one") {
  CHECK(matches("0.weight", "0.weight"));
  CHECK(matches("*.bias", "block.0.bias"));
  CHECK(matches("*", ""));
  CHECK(matches("a*b*c", "axxbyybzc"));
  CHECK(matches("?.weight", "0.weight"));
  CHECK(matches("0.*", "0."));
  CHECK(matches("[01].weight", "1.weight"));
  CHECK(matches("[!01].weight", "2.weight"));
  CHECK_FALSE(matches("[01].weight", "2.weight"));
  CHECK_FALSE(matches("*.bias", "0.biases"));
  CHECK_FALSE(matches("?.weight", "10.weight"));
  CHECK_FALSE(matches("a*b*c", "axxbyyb"));
  CHECK_FALSE(matches("", "a"));
  CHECK_FALSE(matches("0.weight?", "0.weight"));
}
