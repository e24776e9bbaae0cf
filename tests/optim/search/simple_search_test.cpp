#include <doctest/doctest.h>

#include <set>
#include <stdexcept>

#include "optim/search/evolution.hpp"
#include "optim/search/grid.hpp"
#include "optim/search/random_search.hpp"

using namespace gradus;
using namespace gradus::optim;

namespace {

std::vector<Configuration> configurations(Search& search) {
  std::vector<Configuration> result;
  while (const auto job = search.propose()) {
    result.push_back(job->configuration);
    search.report(job->trial, 0);
  }
  return result;
}

}  // namespace

TEST_CASE("a grid has as many levels as the budget allows and includes bounds") {
  GridSearch search({SearchSpace("lr=log(1e-4,1), norm=[none,batch], depth=int(1,2)"), 15});
  const auto all = configurations(search);
  CHECK(all.size() == 12);
  CHECK(all[0] == Configuration{{"lr", "0.0001"}, {"norm", "none"}, {"depth", "1"}});
  CHECK(all[11] == Configuration{{"lr", "1"}, {"norm", "batch"}, {"depth", "2"}});
  std::set<std::string> rates;
  for (const Configuration& one : all) rates.insert(one[0].second);
  CHECK(rates == std::set<std::string>{"0.0001", "0.01", "1"});
}

TEST_CASE("a grid is the finest within its budget, which has a bound") {
  for (const int64_t budget : {1, 2, 8, 9, 10, 26, 27, 100}) {
    CAPTURE(budget);
    int64_t levels = 1;
    while ((levels + 1) * (levels + 1) <= budget) ++levels;
    GridSearch search({SearchSpace("x=uniform(0,1), y=uniform(0,1)"), budget});
    CHECK(static_cast<int64_t>(configurations(search).size()) == levels * levels);
  }
  GridSearch largest({SearchSpace("x=uniform(0,1)"), 100'000});
  CHECK(largest.propose().has_value());
  CHECK_THROWS_WITH(GridSearch({SearchSpace("x=uniform(0,1)"), 100'001}),
                    "[grid] budget must be 100000 or less, got 100001");
}

TEST_CASE("inactive parameters don't multiply the points of a grid") {
  GridSearch search({SearchSpace("optimizer=[sgd,adam], momentum=[0,0.9] if optimizer=sgd"), 10});
  CHECK(configurations(search) ==
        std::vector<Configuration>{{{"optimizer", "sgd"}, {"momentum", "0"}},
                                   {{"optimizer", "sgd"}, {"momentum", "0.9"}},
                                   {{"optimizer", "adam"}}});
  CHECK_THROWS_WITH(GridSearch({SearchSpace("a=[1,2], b=[1,2]"), 3}),
                    "[grid] the lists must not have more combinations than the budget, 3");
}

TEST_CASE("Halton's points are the known ones") {
  const std::vector<Point> expected{{1. / 2, 1. / 3, 1. / 5},
                                    {1. / 4, 2. / 3, 2. / 5},
                                    {3. / 4, 1. / 9, 3. / 5},
                                    {1. / 8, 4. / 9, 4. / 5},
                                    {5. / 8, 7. / 9, 1. / 25}};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const Point point = halton(static_cast<int64_t>(i), 3);
    for (std::size_t k = 0; k < 3; ++k) CHECK(point[k] == doctest::Approx(expected[i][k]));
  }
  CHECK_THROWS_WITH(halton(0, 1001), "[halton] there must be at most 1000 dimensions, got 1001");
}

TEST_CASE("scrambled Halton points fill every part of each dimension equally") {
  constexpr int64_t bases[] = {2, 3, 5, 7, 11, 13};
  for (std::size_t k = 0; k < 6; ++k) {
    std::vector<int> parts(static_cast<std::size_t>(bases[k]));
    // The sequence begins with the number 1.
    for (int64_t i = bases[k] - 1; i < 4 * bases[k] - 1; ++i) {
      const double x = scrambled_halton(i, 6, Rng(7))[k];
      CHECK(x >= 0);
      CHECK(x < 1);
      ++parts[static_cast<std::size_t>(x * static_cast<double>(bases[k]))];
    }
    for (const int count : parts) CHECK(count == 3);
  }
  CHECK(scrambled_halton(0, 2, Rng(7)) != scrambled_halton(0, 2, Rng(8)));
}

TEST_CASE("evolution removes the oldest and not the worst") {
  EvolutionSearch search({SearchSpace("x=uniform(0,1)"), 40}, {.population = 3, .sample = 3});
  const auto step = [&](double value) {
    const auto job = search.propose();
    search.report(job->trial, value);
  };
  step(100);
  step(1);
  step(2);
  CHECK(search.population() == std::deque<int64_t>{0, 1, 2});
  step(NAN);
  CHECK(search.population() == std::deque<int64_t>{1, 2, 3});
}

TEST_CASE("evolution climbs") {
  EvolutionSearch search({SearchSpace("x=uniform(0,1), y=[a,b,c,d], z=int(1,50)"), 200},
                         {.population = 15, .sample = 4});
  double best = -10;
  while (const auto job = search.propose()) {
    const Configuration& c = job->configuration;
    const double value = -std::abs(std::stod(c[0].second) - 0.3) + (c[1].second == "c") -
                         std::stod(c[2].second) / 50;
    best = std::max(best, value);
    search.report(job->trial, value);
  }
  CHECK(best > 0.93);  // 0.98 is the largest; 200 random draws reach 0.85
  CHECK_THROWS_WITH(EvolutionSearch({SearchSpace("x=[1]"), 1}, {.population = 0}),
                    "[evolution] population must be a whole number from 1 to 10^9, got 0");
}
