// schedule_free_test: trainings whose optimizer evaluates an average of the weights.
#include <doctest/doctest.h>

#include "core/autograd.hpp"
#include "data/sets/toy.hpp"
#include "layers/activation.hpp"
#include "layers/dense.hpp"
#include "layers/norm/batch_norm.hpp"
#include "layers/norm/spectral_norm.hpp"
#include "layers/reparametrization.hpp"
#include "layers/sequential.hpp"
#include "optim/algorithms/schedule_free_adamw.hpp"
#include "tests/temporary_folder.hpp"
#include "train/evaluate.hpp"
#include "train/fit.hpp"

using namespace gradus;

namespace {

// The first layer has an iterate, the second statistics.
struct ScheduleFreeFixture {
  Rng rng{3};
  layers::Sequential model = build(rng);
  optim::ScheduleFreeAdamW optimizer{model.parameters(), {.lr = 0.02}};

  static layers::Sequential build(Rng& rng) {
    layers::Dense first(2, 16, rng);
    first.reparametrize(layers::SpectralNorm());
    return layers::Sequential(std::move(first), layers::BatchNorm1d(16), layers::ReLU(),
                              layers::Dense(16, 3, rng));
  }
  static data::Dataset data() {
    Rng rng(7);
    return data::spirals({.samples = 240}, rng).train;
  }
  train::History fit(const train::FitOptions& options) {
    return train::fit(model, optimizer, data(), options, rng);
  }
  std::vector<std::vector<float>> weights() {
    std::vector<std::vector<float>> result;
    for (const auto& [name, tensor] : model.state_dict())
      if (tensor.dtype() == DType::f32) result.push_back(tensor.to_vector<float>());
    return result;
  }
};

}  // namespace

TEST_CASE("A training ends with the weights of the optimizer's evaluation, which it validated") {
  ScheduleFreeFixture f;
  data::Dataset train = f.data();
  std::vector<std::vector<float>> in_training;
  const train::History history = f.fit(
      {.epochs = 5,
       .batch_size = 32,
       .watch_test = train,
       .observer = {.after_epoch = [&](const train::EpochRecord&) { in_training = f.weights(); }}});
  CHECK(f.weights() != in_training);
  CHECK(train::evaluate(f.model, train, {}).loss == history.back().test_loss);
  CHECK(history.back().test_loss < history.front().test_loss);
  // A second training goes on where the gradients were.
  std::vector<float> start;
  f.fit({.epochs = 1, .observer = {.after_backward = [&] {
                        if (start.empty())
                          start = f.model.parameters()[0].second.to_vector<float>();
                      }}});
  CHECK(start == in_training[0]);
}

TEST_CASE("Evaluation between the epochs doesn't change the training") {
  ScheduleFreeFixture plain, watched;
  const train::History a = plain.fit({.epochs = 4, .batch_size = 32}),
                       b = watched.fit({.epochs = 4, .batch_size = 32, .watch_test = plain.data()});
  for (std::size_t i = 0; i < 4; ++i) CHECK(a[i].train_loss == b[i].train_loss);
  CHECK(plain.weights() == watched.weights());
}

TEST_CASE("A schedule-free training that is resumed from a checkpoint gives the same bits") {
  const TemporaryFolder folder;
  ScheduleFreeFixture whole, first, second;
  const auto options = [&](const char* name, int64_t epochs) {
    return train::FitOptions{
        .epochs = epochs, .batch_size = 32, .validation = 0.2, .checkpoints = folder.path(name)};
  };
  const train::History history = whole.fit(options("whole", 4));
  first.fit(options("parts", 2));
  const train::History resumed = second.fit(options("parts", 4));
  REQUIRE(resumed.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) CHECK(resumed[i].val_loss == history[i].val_loss);
  CHECK(second.weights() == whole.weights());
  whole.optimizer.train();
  second.optimizer.train();
  CHECK(second.weights() == whole.weights());
}

TEST_CASE("What a schedule-free optimizer would ignore is refused") {
  const auto refusal = [](const train::FitOptions& options) -> std::string {
    ScheduleFreeFixture f;
    try {
      f.fit(options);
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "";
  };
  CHECK(refusal({.average = optim::WeightAverageOptions{}}) ==
        "[fit] the optimizer evaluates an average of the weights already: average must be empty");
  const std::string ignored =
      "[fit] proximal and max_norm change the weights between steps, which the optimizer ignores";
  CHECK(refusal({.rules = {.max_norm = 1}}) == ignored);
  CHECK(refusal({.rules = {.penalty = {.l1 = 1}, .proximal = true}}) == ignored);
  CHECK(refusal({.rules = {.penalty = {.l1 = 1e-4}}}) == "");
}
