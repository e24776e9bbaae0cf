#include "optim/search/search_method.hpp"

#include <doctest/doctest.h>

#include <deque>

#include "optim/search/bayes.hpp"
#include "optim/search/importance.hpp"
#include "tests/optim/search/branin.hpp"

using namespace gradus;
using namespace gradus::optim;

namespace {

SearchTask mixed_task(uint64_t seed) {
  return {SearchSpace("a=[x,y,z], b=int(1,5), c=[u,v] if a=[x,y], d=logint(1,100)"), 12, 9, seed};
}

// A value for any configuration, the larger the later.
double value_of(const Job& job) {
  double value = std::log(static_cast<double>(job.until_epoch));
  for (const auto& [name, text] : job.configuration)
    value += std::sin(static_cast<double>(name[0]) * static_cast<double>(text.back()));
  return value;
}

// All jobs of a search of which `parallel` run at once; the one that began first ends first.
std::vector<Job> all_jobs(Search& search, std::size_t parallel) {
  std::vector<Job> jobs;
  std::deque<Job> running;
  for (;;) {
    const auto job = running.size() < parallel ? search.propose() : std::nullopt;
    if (job) {
      jobs.push_back(*job);
      running.push_back(*job);
    } else if (!running.empty()) {
      search.report(running.front().trial, value_of(running.front()));
      running.pop_front();
    } else {
      return jobs;
    }
  }
}

}  // namespace

TEST_CASE(
    "every search method repeats its proposals for the same reports, with one job or several") {
  for (const auto& method : search_methods().entries())
    for (const std::size_t parallel : {1, 3}) {
      CAPTURE(method.name);
      const auto first = method.make(mixed_task(1)), again = method.make(mixed_task(1)),
                 other = method.make(mixed_task(2));
      const std::vector<Job> jobs = all_jobs(*first, parallel), same = all_jobs(*again, parallel);
      REQUIRE(jobs.size() == same.size());
      int64_t epochs = 0;
      std::vector<int64_t> reached(first->trials().size());
      bool differs = method.name == "grid";
      const std::vector<Job> others = all_jobs(*other, parallel);
      for (std::size_t i = 0; i < jobs.size(); ++i) {
        CHECK(jobs[i].trial == same[i].trial);
        CHECK(jobs[i].configuration == same[i].configuration);
        CHECK(jobs[i].until_epoch == same[i].until_epoch);
        differs = differs || i >= others.size() || jobs[i].configuration != others[i].configuration;
        int64_t& before = reached[static_cast<std::size_t>(jobs[i].trial)];
        CHECK(jobs[i].until_epoch > before);
        epochs += jobs[i].until_epoch - before;
        before = jobs[i].until_epoch;
      }
      CHECK(differs);
      CHECK(epochs <= 12 * 9);
      CHECK(epochs > (method.name == "grid" ? 4 : 9) * 9);
    }
}

TEST_CASE("every search method goes on when trials fail") {
  for (const auto& method : search_methods().entries()) {
    CAPTURE(method.name);
    const auto search = method.make(mixed_task(1));
    int64_t reports = 0;
    while (const auto job = search->propose())
      search->report(job->trial, ++reports % 2 == 0 ? value_of(*job) : NAN);
    CHECK(reports >= (method.name == "grid" ? 5 : 12));
    const auto failing = method.make(mixed_task(1));
    while (const auto job = failing->propose()) failing->report(job->trial, NAN);
    CHECK(failing->trials().size() == search->trials().size());
  }
}

TEST_CASE("searches refuse wrong tasks and reports") {
  const auto& random = search_methods().find("random");
  CHECK_THROWS_WITH(random({SearchSpace("a=[1]"), 0}),
                    "[search] budget must be a whole number from 1 to 10^9, got 0");
  CHECK_THROWS_WITH(random({SearchSpace("a=[1]"), 1, 0}),
                    "[search] epochs must be a whole number from 1 to 10^9, got 0");
  CHECK_THROWS_WITH(random({SearchSpace("a=[1]"), 1}, {{"population", 3.0}}),
                    "[random] has no option population");
  const auto search = random({SearchSpace("a=[1]"), 1});
  CHECK_THROWS_WITH(search->report(0, 1),
                    "[search] only running trials can be reported, trial 0 isn't running");
  search->propose();
  search->report(0, 1);
  CHECK_THROWS_WITH(search->report(0, 1),
                    "[search] only running trials can be reported, trial 0 isn't running");
}

TEST_CASE("on Branin with a parameter that doesn't matter bayes beats random beats grid") {
  constexpr int seeds = 20, budget = 27;
  double grid = 0, random = 0, spread = 0, bayes = 0;
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    grid += least_branin("grid", budget, seed) / seeds;
    random += least_branin("random", budget, seed) / seeds;
    spread += least_branin("random", budget, seed, {{"low_discrepancy", true}}) / seeds;
    bayes += least_branin("bayes", budget, seed) / seeds;
  }
  CAPTURE(spread);
  CHECK(grid > 10);
  CHECK(random < 3);
  CHECK(spread < random);
  CHECK(bayes < 0.55);
}

TEST_CASE("a loss that exploded leaves the differences between the others") {
  const SearchSpace space("x=uniform(0,1)");
  std::vector<Trial> trials;
  for (int i = 0; i < 10; ++i)
    trials.push_back({{0.1 * i}, 1, i == 9 ? -1e30 : std::sin(0.6 * i), false});
  const auto model = TrialModel::of(space, trials);
  REQUIRE(model.has_value());
  CHECK(model->predict({0.3}).mean - model->predict({0.8}).mean > 0.8);
  CHECK(model->predict({0.8}).mean > model->predict({0.9}).mean);
}

TEST_CASE("importance finds the parameter that doesn't matter") {
  const auto search = search_methods().find("random")(branin_task(40, 3));
  while (const auto job = search->propose())
    search->report(job->trial, -branin(job->configuration));
  const std::vector<double> parts = importance(search->task().space, search->trials());
  REQUIRE(parts.size() == 3);
  // Of Branin's function itself: 0.78 and 0.84 by 10^6 points.
  CHECK(parts[0] > 0.6);
  CHECK(parts[1] > 0.6);
  CHECK(parts[2] < 0.05);
}

TEST_CASE("no parameter is important if all values are equal") {
  const SearchSpace space("a=[1,2]");
  CHECK(importance(space, {{{0.2}, 1, 3.0}, {{0.8}, 1, 3.0}}).empty());
}

TEST_CASE("Every method tries all of a finite space, each configuration once") {
  for (const auto& entry : search_methods().entries()) {
    CAPTURE(entry.name);
    const auto search = entry.make({.space = SearchSpace("a=[1,2,3], b=int(1,3), c=[x,y,z]"),
                                    .budget = 27,
                                    .epochs = 1,
                                    .seed = 4});
    std::set<Configuration> seen;
    while (const auto job = search->propose()) {
      CHECK(seen.insert(job->configuration).second);
      search->report(job->trial, static_cast<double>(seen.size()));
    }
    CHECK(seen.size() == 27);
  }
}

TEST_CASE("Brackets over a finite space take trials of others and end") {
  for (const std::string method : {"halving", "hyperband"}) {
    CAPTURE(method);
    const auto search = search_methods().find(method)(
        {.space = SearchSpace("a=[1,2], b=[1,2]"), .budget = 20, .epochs = 9, .seed = 4});
    std::map<Configuration, int64_t> epochs;
    int64_t jobs = 0;
    while (const auto job = search->propose()) {
      CHECK(job->until_epoch > epochs[job->configuration]);
      epochs[job->configuration] = job->until_epoch;
      search->report(job->trial, static_cast<double>(job->trial));
      REQUIRE(++jobs < 1000);
    }
    CHECK(epochs.size() == 4);
    CHECK(search->trials().size() == 4);
  }
}
