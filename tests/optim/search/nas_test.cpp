#include "optim/search/nas.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace gradus;
using namespace gradus::optim;

namespace {

// Half for a second choice that is the first, which neither alone tells, half for a third that is
// b.
double toy_reward(const Configuration& configuration) {
  const bool agree = configuration[0].second == configuration[1].second;
  return 0.5 * agree + 0.5 * (configuration[2].second == "b");
}

}  // namespace

TEST_CASE("a controller at first draws every configuration equally often") {
  const SearchSpace space("x=[a,b], y=[a,b,c] if x=b, z=int(1,4)");
  const Controller controller(space, {}, Rng(1));
  CHECK(controller.probability({0.1, 0.1, 0.1}) == doctest::Approx(1. / 8));
  CHECK(controller.probability({0.9, 0.1, 0.1}) == doctest::Approx(1. / 24));
}

TEST_CASE("REINFORCE learns to draw what is rewarded") {
  const SearchSpace space("x=[a,b,c,d], y=[a,b,c,d], z=[a,b,c,d]");
  double learned = 0;
  for (uint64_t seed = 0; seed < 3; ++seed) {
    Controller controller(space, {}, Rng(seed));
    Rng rng(seed + 10);
    for (int draw = 0; draw < 300; ++draw) {
      const Point point = controller.sample(rng);
      const double reward = toy_reward(space.configuration(point));
      if (draw >= 250) learned += reward / 150;
      controller.learn(point, reward);
    }
  }
  CHECK(learned > 0.9);  // random draws: 0.25
}

TEST_CASE("a search by REINFORCE tries what is rewarded more often than chance") {
  const SearchSpace space("x=[a,b,c,d], y=[a,b,c,d], z=[a,b,c,d], v=int(1,20), w=int(1,20)");
  double learned = 0;
  for (uint64_t seed = 0; seed < 2; ++seed) {
    NasSearch search({space, 200, 1, seed});
    while (const auto job = search.propose()) {
      const double reward = toy_reward(job->configuration);
      if (job->trial >= 150) learned += reward / 100;
      search.report(job->trial, reward);
    }
  }
  CHECK(learned > 0.5);  // random draws: 0.25
}

TEST_CASE("one reward better than the average makes its configuration likelier") {
  const SearchSpace space("x=[a,b,c], y=[a,b]");
  Controller controller(space, {}, Rng(1));
  const Point point{0.5, 0.2}, other{0.1, 0.8};
  controller.learn(other, 0.5);
  const double before = controller.probability(point);
  controller.learn(point, 0.9);
  CHECK(controller.probability(point) > before);
  const double likely = controller.probability(point);
  controller.learn(point, 0.1);
  controller.learn(point, 0.1);
  CHECK(controller.probability(point) < likely);
}

TEST_CASE("a controller refuses real numbers and options out of their range") {
  CHECK_THROWS_WITH(
      NasSearch({SearchSpace("lr=log(1e-4,1)"), 1}),
      "[nas] only lists and whole numbers of up to 1000 values are supported, lr has more");
  CHECK_THROWS_WITH(
      NasSearch({SearchSpace("n=int(1,2000)"), 1}),
      "[nas] only lists and whole numbers of up to 1000 values are supported, n has more");
  CHECK_THROWS_WITH(NasSearch({SearchSpace("n=[1]"), 1}, {.controller_units = 0}),
                    "[nas] units must be a whole number from 1 to 10^9, got 0");
  CHECK_THROWS_WITH(NasSearch({SearchSpace("n=[1]"), 1}, {.controller_lr = 0}),
                    "[adam] lr must be positive and finite, got 0");
}
