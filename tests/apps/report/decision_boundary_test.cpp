// decision_boundary_test: DecisionBoundary.
#include "apps/gradus/report/decision_boundary.hpp"

#include <doctest/doctest.h>

#include "data/sets/toy.hpp"
#include "data/transform/preprocessing.hpp"
#include "layers/dense.hpp"
#include "layers/dropout.hpp"
#include "layers/sequential.hpp"

using namespace gradus;

namespace {

std::vector<std::string> titles(const pictures::Regions& regions) {
  std::vector<std::string> result;
  for (const pictures::RegionPanel& panel : regions.panels) result.push_back(panel.title);
  return result;
}

}  // namespace

TEST_CASE("A decision boundary exists for two features before the normalization") {
  Rng rng(1);
  const data::Dataset moons = data::moons({}, rng).train;
  CHECK(app::DecisionBoundary::exists_for(moons));
  const data::Dataset three = data::Dataset::of_features({1, 2, 3, 4, 5, 6}, 3, {0, 1}, 2);
  CHECK_FALSE(app::DecisionBoundary::exists_for(three));
  CHECK_FALSE(app::DecisionBoundary::exists_for(
      three.normalized({.matrix = Tensor::ones({3, 2}, DType::f64)})));
  CHECK_FALSE(
      app::DecisionBoundary::exists_for(data::Dataset::of_bytes({1, 2}, {1, 1, 2}, {0}, 1)));
}

TEST_CASE("Boundaries are evenly spread over the epochs, and the last one is the result") {
  Rng rng(1);
  const data::Dataset train = data::moons({.samples = 50}, rng).train;
  layers::Sequential model{layers::Dropout(0.5, rng), layers::Dense(2, 2, rng)};
  app::DecisionBoundary boundary(train, 100);
  for (int64_t epoch = 0; epoch <= 100; ++epoch) {
    CHECK(boundary.is_chosen(epoch) == (epoch % 20 == 0 && epoch < 100));
    if (boundary.is_chosen(epoch)) boundary.record(model, epoch);
  }
  const Rng::State before = model.named_generators()[0].second->state();
  const pictures::Regions picture = boundary.picture(model, 100);
  CHECK(model.is_training());
  CHECK(model.named_generators()[0].second->state() == before);
  CHECK(picture.title == "Decision boundary");
  CHECK(titles(picture) == std::vector<std::string>{"initial weights", "epoch 20", "epoch 40",
                                                    "epoch 60", "epoch 80", "result: epoch 100"});
  CHECK(picture.panels[0].png == picture.panels[5].png);  // the weights are the same
  CHECK(titles(boundary.picture(model, 40)).size() == 5);
  CHECK(picture.points.size() == 40);
}

TEST_CASE("A run without training has one boundary, a resumed run says what is missing") {
  Rng rng(1);
  const data::Dataset train = data::moons({}, rng).train;
  layers::Sequential model{layers::Dense(2, 2, rng)};
  const app::DecisionBoundary none(train, 0);
  CHECK_FALSE(none.is_chosen(0));
  CHECK(titles(none.picture(model, 0)) == std::vector<std::string>{"result: initial weights"});
  CHECK(none.picture(model, 0).title == "Decision boundary");
  CHECK(none.picture(model, 0).points.size() == 400);
  app::DecisionBoundary resumed(train, 10);
  resumed.record(model, 8);
  CHECK(resumed.picture(model, 10).title == "Decision boundary since the run was resumed");
}

TEST_CASE("The axes have the values before the normalization, and equal samples are no error") {
  const data::Dataset raw =
      data::Dataset::of_features({100, 0.5F, 300, 0.5F, 200, 0.5F}, 2, {0, 1, 0}, 2);
  const data::Dataset train = raw.normalized(raw.statistics());
  Rng rng(1);
  layers::Sequential model{layers::Dense(2, 2, rng)};
  const pictures::Regions picture = app::DecisionBoundary(train, 1).picture(model, 1);
  CHECK(picture.x.low == doctest::Approx(84));
  CHECK(picture.x.high == doctest::Approx(316));
  CHECK(picture.y.low < 0.5);
  CHECK(picture.y.high > 0.5);
  CHECK(pictures::render(picture).find(">100<") != std::string::npos);
}
