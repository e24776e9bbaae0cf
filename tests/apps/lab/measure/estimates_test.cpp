#include "apps/lab/measure/estimates.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace gradus::lab;

TEST_CASE("A row starts with the given cells and continues with the means of the runs") {
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

TEST_CASE("A missing number of a table is an error") {
  const Table table{"Runs", {"name", "loss"}, {{"a", 1.}}};
  CHECK_THROWS_WITH(number_at(table, {"a"}, "gain"),
                    "[number_at] 'Runs' has no column 'gain', or no such row");
  CHECK_THROWS_WITH(number_at(table, {"b"}, "loss"),
                    "[number_at] 'Runs' has no column 'loss', or no such row");
}

TEST_CASE("An experiment supports the options of its list, and data-dir with data") {
  Experiment experiment;
  experiment.options = "data, batch-size";
  for (const char* option : {"data", "data-dir", "batch-size"}) CHECK(experiment.supports(option));
  for (const char* other : {"batch", "seeds", "long", ""}) CHECK_FALSE(experiment.supports(other));
  CHECK_FALSE(Experiment().supports("data-dir"));
}

TEST_CASE("A difference is said with its interval and the number of runs") {
  CHECK(difference_text({10, 3, 9}, {13, 4, 16}, 1) ==
        "-3.0 (95 % interval -5.9 to -0.1, 9 and 16 seeds)");
  CHECK(difference_text({10, 1, 4}, {10, 1, 4}, 1) == "0.0 (95 % interval -1.7 to 1.7, 4 seeds)");
  CHECK(difference_text({10, 1, 4}, {0, 0, 4}, 1) == "10.0 (95 % interval 8.4 to 11.6, 4 seeds)");
  CHECK(difference_text({2, NAN, 1}, {1, NAN, 1}, 0) == "1 (1 seed)");
}

TEST_CASE("Pairs of runs are compared run by run") {
  const gradus::Estimate difference = paired_difference({3, 14, 25}, {1, 11, 21});
  CHECK(difference.mean == 3);
  CHECK(difference.spread == 1);
  CHECK(difference.runs == 3);
  CHECK_THROWS_WITH(paired_difference({1}, {1, 2}),
                    "[paired_difference] needs as many runs, got 1 and 2");
}
