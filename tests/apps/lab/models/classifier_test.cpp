#include "apps/lab/models/classifier.hpp"

#include <doctest/doctest.h>

#include "optim/algorithms/sgd.hpp"

using namespace gradus;
using namespace gradus::lab;

TEST_CASE("A schedule receives the training loss of each epoch, and its rates are used") {
  const ExperimentOptions options;
  const data::Split split = load_data(options, 64);
  Rng rng(0);
  layers::Sequential model = dense_network(split.train, rng);
  optim::SGD optimizer(model.parameters(), {.lr = 1});
  std::vector<std::pair<int64_t, double>> reports;
  TrainingOptions training{"digits", 3, 32};
  training.schedule =
      optim::Schedule([](int64_t step) { return step < 4 ? 0.125 : 0.25; }, {},
                      [&](int64_t step, double loss) { reports.emplace_back(step, loss); });
  const TrainingCurves curves = train_classifier(model, optimizer, split, training, rng, options);
  REQUIRE(reports.size() == 3);
  for (std::size_t epoch = 0; epoch < 3; ++epoch) {
    CHECK(reports[epoch].first == static_cast<int64_t>(2 * epoch + 1));  // two steps an epoch
    CHECK(reports[epoch].second == curves.loss[epoch]);
  }
  CHECK(optimizer.lr() == 0.25);
}
