#include "core/text/registry.hpp"

#include <doctest/doctest.h>

using namespace gradus;

namespace {

const Registry<int> table("number", {{"one", "", 1}, {"twenty-two", "", 22}, {"three", "", 3}},
                          {{"one", {"uno"}}, {"twenty-two", {"double-eleven"}}});

}  // namespace

TEST_CASE("A row is found by its name or an alias, without regard to case and hyphens") {
  for (const char* name : {"twenty-two", "twenty_two", "TwentyTwo", "TWENTY-TWO", "DoubleEleven"}) {
    CHECK(table.contains(name));
    CHECK(table.entry(name).name == "twenty-two");
    CHECK(table.find(name) == 22);
  }
  CHECK(table.find("Uno") == 1);
  for (const char* name : {"", "-", "on", "oneone"}) CHECK_FALSE(table.contains(name));
}

TEST_CASE("The error about an unknown name lists similar names, or else all") {
  const auto refused = [](const char* name, const char* error) {
    CHECK_THROWS_WITH_AS(table.find(name), error, std::invalid_argument);
  };
  refused("ons", "unknown number 'ons': did you mean one?");
  refused("Tree", "unknown number 'Tree': did you mean three?");
  refused("twen", "unknown number 'twen': did you mean twenty-two?");
  refused("doubleleven", "unknown number 'doubleleven': did you mean double-eleven?");
  refused("seventeen", "unknown number 'seventeen': one of one, three, twenty-two");
  refused("", "unknown number '': one of one, three, twenty-two");
}

TEST_CASE("near_names: names that begin with the text, or differ in a third of its characters") {
  using Names = std::vector<std::string>;
  const Names names{"resume", "data", "limit", "seed", "device-count"};
  CHECK(near_names("resum", names) == Names{"resume"});
  CHECK(near_names("Device", names) == Names{"device-count"});
  CHECK(near_names("sed", names) == Names{"seed"});
  CHECK(near_names("de", names) == Names{});
  CHECK(near_names("decice", names) == Names{});
  CHECK(near_names(std::string(1 << 20, 'd'), {"data"}) == Names{});
  CHECK(near_names("adan", {"sgd", "adam", "adamax", "nadam", "adamw", "radam", "nag"}) ==
        Names{"adam", "nadam", "adamw"});
}
