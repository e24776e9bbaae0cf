#include "core/text/glob.hpp"

#include <doctest/doctest.h>

using namespace gradus;

TEST_CASE("A pattern without a match is an error with similar names, or all of them") {
  const auto check = [](const char* pattern, std::vector<std::string> names, const char* message) {
    CHECK_THROWS_WITH_AS(fail_unmatched("freeze", "parameter", pattern, std::move(names)), message,
                         std::invalid_argument);
  };
  check("*.wieght", {"0.bias", "0.weight"},
        "[freeze] no parameter matches '*.wieght': did you mean 0.weight?");
  check("x", {"0.weight", "0.bias"},
        "[freeze] no parameter matches 'x', there are 0.bias, 0.weight");
  check("x", {"0.weight"}, "[freeze] no parameter matches 'x', there is 0.weight");
  check("a\nb", {}, "[freeze] no parameter matches 'a\\nb', there are none");
}

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
