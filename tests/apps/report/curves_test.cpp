// curves: the loss of each step; StepLog::losses.
#include "apps/gradus/report/curves.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "layers/dense.hpp"
#include "tests/temporary_folder.hpp"

using namespace gradus;

static const train::EpochScore& of_classes = train::task_of(data::TargetKind::classes).score;

TEST_CASE("Losses of steps and their debiased moving average are drawn over the epoch") {
  const train::History history{{.epoch = 1, .train_loss = 4}, {.epoch = 2, .train_loss = 2}};
  const std::vector<train::StepLoss> losses{{1, 5}, {2, 3}, {3, 3}, {4, 1}};
  const auto charts = app::curves(history, of_classes, {losses, 2});
  REQUIRE(charts.size() == 2);
  const auto& series = charts[0].series;
  REQUIRE(series.size() == 3);
  CHECK(series[0].x == std::vector<double>{0.5, 1, 1.5, 2});
  CHECK(series[0].y == std::vector<double>{5, 3, 3, 1});
  CHECK(series[0].mark == pictures::Mark::faint);
  CHECK(series[1].name == "smoothed (exponential average, 3 steps)");
  CHECK(series[1].x == series[0].x);
  double sum = 0, weights = 0;
  for (std::size_t i = 0; i < losses.size(); ++i) {
    sum = 2. / 3 * sum + losses[i].loss;
    weights = 2. / 3 * weights + 1;
    CHECK(series[1].y[i] == doctest::Approx(sum / weights));
  }
  CHECK(series[2].name == "training");
  CHECK(series[2].colour == 0);
  CHECK(series[2].x == std::vector<double>{1, 2});
  CHECK(charts[1].series.size() == 1);
}

TEST_CASE("Many steps have at most 500 points, and a spike stays") {
  std::vector<train::StepLoss> losses;
  for (int64_t step = 1; step <= 100'000; ++step)
    losses.push_back({step, step == 70'000 ? 9. : 1.});
  const auto series = app::curves({}, of_classes, {losses, 1000})[0].series;
  CHECK(series[0].x.size() <= 500);
  CHECK(std::ranges::count(series[0].y, 9) == 1);
  CHECK(series[1].name == "smoothed (exponential average, 2000 steps)");
  CHECK(series[1].x.size() <= 500);
  CHECK(series[1].y.front() == doctest::Approx(1));
}

TEST_CASE("Steps that are epochs, and a single step, aren't drawn") {
  const std::vector<train::StepLoss> losses{{1, 5}, {2, 3}};
  CHECK(app::curves({}, of_classes, {losses, 1})[0].series.size() == 1);
  CHECK(app::curves({}, of_classes, {std::span(losses).first(1), 2})[0].series.size() == 1);
  CHECK(app::curves({}, of_classes)[0].series.size() == 1);
}

TEST_CASE("A log of steps has the losses before an interruption, and those added") {
  const TemporaryFolder folder;
  Rng rng(1);
  layers::Dense model(2, 2, rng);
  const std::string path = folder.path("steps.csv");
  std::ofstream(path) << "step,lr,loss,weight,bias\n1,0.1,2.5,ab,cd\nx,y\n3,0.1,nan,ab,cd\n"
                         "4,0.1,1e-3\n5,0.1,7\n";
  train::StepLog log(path, model, 4);
  log.add({.step = 5, .lr = 0.1, .loss = 0.5});
  log.add({.step = 6, .lr = 0.1, .loss = INFINITY});
  std::vector<std::pair<int64_t, double>> losses;
  for (const auto& [step, loss] : log.losses()) losses.emplace_back(step, loss);
  CHECK(losses == std::vector<std::pair<int64_t, double>>{{1, 2.5}, {4, 1e-3}, {5, 0.5}});
}
