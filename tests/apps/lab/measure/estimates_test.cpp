#include "apps/lab/measure/estimates.hpp"

#include <doctest/doctest.h>

using namespace gradus::lab;

TEST_CASE("A row begins with what it is given, and goes on with the means of the runs") {
  struct Run {
    double loss;
    double twice() const { return 2 * loss; }
  };
  Table table{"Runs", {"name", "batch", "loss", "twice"}};
  add_row(table, {"a", 4}, std::vector<Run>{{1}, {3}}, &Run::loss, &Run::twice);
  add_row(table, {"a", 32}, std::vector<Run>{{5}}, &Run::loss, &Run::twice);
  CHECK(number_at(table, {"a"}, "loss").mean == 2);
  CHECK(number_at(table, {"a", 4}, "twice").mean == 4);
  CHECK(number_at(table, {"a", 4}, "twice").runs == 2);
  CHECK(number_at(table, {"a", 32}, "twice").mean == 10);
}

TEST_CASE("A number that a table hasn't is asked for in vain") {
  const Table table{"Runs", {"name", "loss"}, {{"a", 1.}}};
  CHECK_THROWS_WITH(number_at(table, {"a"}, "gain"),
                    "[number_at] 'Runs' has no column 'gain', or no such row");
  CHECK_THROWS_WITH(number_at(table, {"b"}, "loss"),
                    "[number_at] 'Runs' has no column 'loss', or no such row");
}

TEST_CASE("A claim of several parts holds where all do; one with a main part not without it") {
  CHECK(outcome_of({true, true}) == Outcome::holds);
  CHECK(outcome_of({true, false}) == Outcome::conditional);
  CHECK(outcome_of({false, false}) == Outcome::fails);
  CHECK(outcome_of(true, true) == Outcome::holds);
  CHECK(outcome_of(true, false) == Outcome::conditional);
  CHECK(outcome_of(false, true) == Outcome::fails);
}

TEST_CASE("An experiment heeds the options of its list, and data-dir with data") {
  Experiment experiment;
  experiment.options = "data, batch-size";
  for (const char* heeded : {"data", "data-dir", "batch-size"}) CHECK(experiment.heeds(heeded));
  for (const char* other : {"batch", "seeds", "long", ""}) CHECK_FALSE(experiment.heeds(other));
  CHECK_FALSE(Experiment().heeds("data-dir"));
}
