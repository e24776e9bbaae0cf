#include "optim/search/hyperband.hpp"

#include <doctest/doctest.h>

#include <set>
#include <stdexcept>

#include "optim/search/median_stopping.hpp"

using namespace gradus;
using namespace gradus::optim;

namespace {

const SearchSpace space("x=uniform(0,1)");

double x_of(const Job& job) {
  return std::stod(job.configuration[0].second);
}

}  // namespace

TEST_CASE("Hyperband's brackets for 81 epochs and eta 3 are the paper's table") {
  const std::vector<std::vector<Rung>> table{{{81, 1}, {27, 3}, {9, 9}, {3, 27}, {1, 81}},
                                             {{34, 3}, {11, 9}, {3, 27}, {1, 81}},
                                             {{15, 9}, {5, 27}, {1, 81}},
                                             {{8, 27}, {2, 81}},
                                             {{5, 81}}};
  CHECK(hyperband_brackets(81, 3) == table);
  CHECK(hyperband_brackets(1, 3) == std::vector<std::vector<Rung>>{{{1, 1}}});
  CHECK(hyperband_brackets(10, 4) == std::vector<std::vector<Rung>>{{{4, 3}, {1, 10}}, {{2, 10}}});
}

TEST_CASE("a continued trial costs only its additional epochs") {
  CHECK(cost({{81, 1}, {27, 3}, {9, 9}, {3, 27}, {1, 81}}) == 81 + 27 * 2 + 9 * 6 + 3 * 18 + 54);
}

TEST_CASE("successive halving lets the best third go on and spends no more than its budget") {
  HalvingSearch search({space, 8, 9, 5});
  int64_t spent = 0;
  std::map<int64_t, std::set<double>> reached;
  while (const auto job = search.propose()) {
    const int64_t before = job->until_epoch == 1 ? 0 : job->until_epoch / 3;
    spent += job->until_epoch - before;
    reached[job->until_epoch].insert(x_of(*job));
    search.report(job->trial, x_of(*job));
  }
  CHECK(spent <= 72);
  CHECK(spent > 68);
  REQUIRE(reached.size() == 3);
  const std::size_t first = reached[1].size();
  CHECK(reached[3].size() == first / 3);
  CHECK(reached[9].size() == first / 9);
  // The largest of the rung below.
  CHECK(*reached[3].begin() == *std::next(reached[1].rbegin(), first / 3 - 1));
  CHECK(*reached[9].rbegin() == *reached[1].rbegin());
}

TEST_CASE("while a rung waits the next bracket begins") {
  HyperbandSearch search({space, 9, 9});
  std::vector<Job> first;
  for (int i = 0; i < 9; ++i) first.push_back(*search.propose());
  CHECK(first.back().until_epoch == 1);
  const Job second = *search.propose();
  CHECK(second.trial == 9);
  CHECK(second.until_epoch == 3);
  for (const Job& job : first) search.report(job.trial, job.trial == 4 ? NAN : x_of(job));
  const Job promoted = *search.propose();
  CHECK(promoted.until_epoch == 3);
  CHECK(promoted.trial < 9);
  CHECK(promoted.trial != 4);
}

TEST_CASE("Hyperband repeats its brackets while the budget lasts") {
  HyperbandSearch search({space, 20, 9});
  int64_t spent = 0;
  std::map<int64_t, int64_t> epochs;
  while (const auto job = search.propose()) {
    spent += job->until_epoch - std::exchange(epochs[job->trial], job->until_epoch);
    search.report(job->trial, x_of(*job));
  }
  CHECK(spent <= 180);
  CHECK(spent > 160);
  CHECK(epochs.size() > 17 + 9);
  CHECK_THROWS_WITH(HyperbandSearch({space, 1}, {.eta = 1}),
                    "[hyperband] eta must be in [2, 1000], got 1");
}

TEST_CASE("a trial stops below the median of the others' mean values") {
  MedianStopping stopping({.first_epoch = 2, .trials = 3});
  stopping.finish({0.2, 0.4, 0.6});
  stopping.finish({0.4, 0.6, 0.8});
  CHECK(!stopping.should_stop({0.0, 0.0}));  // two have finished
  stopping.finish({0.6, 0.8, 1.0});
  CHECK(!stopping.should_stop({0.0}));       // the first epoch
  CHECK(!stopping.should_stop({0.5, 0.1}));  // the best counts: 0.5, as the median
  CHECK(stopping.should_stop({0.3, 0.49}));
  CHECK(stopping.should_stop({NAN, NAN}));
  CHECK(!stopping.should_stop({0, 0, 0, 0}));  // no other trial was trained so long
  stopping.finish({0.1, 0.1});
  CHECK(!stopping.should_stop({0.3, 0.41}));  // the median of 0.1, 0.3, 0.5 and 0.7 is 0.4
  CHECK_THROWS_WITH(MedianStopping({.trials = 0}),
                    "[median_stopping] trials must be a whole number from 1 to 10^9, got 0");
}
