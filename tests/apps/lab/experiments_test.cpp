#include "apps/lab/experiments.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace gradus::lab;

TEST_CASE("Every experiment has a unique name, a chapter, a title, a claim and a source") {
  std::set<std::string> names;
  for (const Experiment& experiment : all_experiments()) {
    CAPTURE(experiment.name);
    CHECK(names.insert(experiment.name).second);
    for (const std::string& text :
         {experiment.chapter, experiment.title, experiment.claim, experiment.source})
      CHECK(text != "");
  }
  CHECK(chapters(all_experiments())[0] == "Normalization");
}
