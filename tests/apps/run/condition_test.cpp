#include "apps/gradus/run/condition.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace gradus::app;

TEST_CASE("A condition compares numbers by value, and texts alphabetically or with a pattern") {
  const auto holds = [](const char* text, const Json& given) {
    return parse_conditions(text, "a test").at(0).holds(given);
  };
  CHECK(holds("lr>=1e-2", 0.01));
  CHECK(holds("lr = .01", 0.01));
  CHECK_FALSE(holds("lr!=.01", 0.01));
  CHECK_FALSE(holds("epochs<9", 10));
  CHECK(holds("epochs<9", "10"));
  CHECK_FALSE(holds("lr=0.*", 0.01));
  CHECK(holds("lr!=high", 0.01));
  CHECK(holds("model=cnn*", "cnn-bn"));
  CHECK_FALSE(holds("model!=cnn?bn", "cnn-bn"));
  CHECK(holds("state<=running", "running"));
  CHECK_FALSE(holds("state>running", "finished"));
  for (const Json& missing : {Json(), Json(NAN)}) {
    CHECK(holds("loss!=1", missing));
    for (const char* text : {"loss=1", "loss<1", "loss<=1", "loss>1", "loss>=1"})
      CHECK_FALSE(holds(text, missing));
  }
  CHECK(parse_conditions("", "a test").empty());
}
