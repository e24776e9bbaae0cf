#include "core/text/registry.hpp"

#include <doctest/doctest.h>

using namespace gradus;

namespace {

const Registry<int> table("number", {{"one", "", 1}, {"twenty-two", "", 22}, {"three", "", 3}},
                          {{"uno", "one"}, {"double-eleven", "twenty-two"}});

}  // namespace

TEST_CASE("A row is found by its name or an alias, whatever the case and the hyphens") {
  for (const char* name : {"twenty-two", "twenty_two", "TwentyTwo", "TWENTY-TWO", "DoubleEleven"}) {
    CHECK(table.contains(name));
    CHECK(table.entry(name).name == "twenty-two");
    CHECK(table.find(name) == 22);
  }
  CHECK(table.find("Uno") == 1);
  for (const char* name : {"", "-", "on", "oneone"}) CHECK_FALSE(table.contains(name));
}

TEST_CASE("An unknown name is answered with near ones, or else with all") {
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

TEST_CASE("Near is what begins with the text, or differs in a third of its characters") {
  const std::vector<std::string> names{"resume", "data", "limit", "seed", "device-count"};
  CHECK(suggestion("resum", names) == "did you mean resume?");
  CHECK(suggestion("device", names) == "did you mean device-count?");
  CHECK(suggestion("sed", names) == "did you mean seed?");
  CHECK(suggestion("de", names) == "one of data, seed, limit, resume, device-count");
  CHECK(suggestion(std::string(1 << 20, 'd'), {"data"}) == "one of data");
  CHECK(suggestion("adan", {"sgd", "adam", "adamax", "nadam", "adamw", "radam", "nag"}) ==
        "did you mean adam, nadam, adamw?");
}
