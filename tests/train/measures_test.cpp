// What is measured of a model: uncertainty, information criteria, the time and size of steps.
#include <doctest/doctest.h>

#include <cmath>

#include "core/stopwatch.hpp"
#include "layers/activation.hpp"
#include "layers/dense.hpp"
#include "layers/dropout.hpp"
#include "layers/module.hpp"
#include "layers/monte_carlo.hpp"
#include "layers/sequential.hpp"
#include "optim/algorithms/sgd.hpp"
#include "train/evaluate.hpp"
#include "train/step_timing.hpp"
#include "train/uncertainty.hpp"

using namespace gradus;

namespace {

// Four samples of two features, two of them in each class.
data::Dataset four_samples() {
  return data::Dataset::of_features({0, 1, 3, 0, 0, 2, 1, 0}, 2, {0, 0, 1, 1}, 2);
}

// Its logits are the features.
layers::Dense identity(Rng& rng) {
  layers::Dense dense(2, 2, rng, {.bias = false});
  dense.weight = layers::Parameter(Tensor::from(std::vector<float>{1, 0, 0, 1}, {2, 2}));
  return dense;
}

}  // namespace

TEST_CASE("Uncertainty is the mean over the correct and over the wrong predictions") {
  Rng rng(4);
  layers::Sequential model{layers::Dropout(0.5, rng), identity(rng)};
  const data::Dataset dataset = four_samples();
  const train::Uncertainty got = train::estimate_uncertainty(model, dataset, 6, Rng(9));
  const data::Batch all = dataset.batch(0, 4);
  Rng same(9);
  const auto made = layers::monte_carlo_predict(model, all.inputs, 6, same);
  const double* p = made.mean.data<double>();
  double loss = 0, right = 0, entropy[2] = {}, information[2] = {}, count[2] = {};
  for (int i = 0; i < 4; ++i) {
    const auto label = all.targets.data<int64_t>()[i];
    const bool is_right = (p[2 * i + 1] > p[2 * i]) == (label == 1);
    loss -= std::log(p[2 * i + label]) / 4;
    right += is_right;
    count[is_right] += 1;
    entropy[is_right] += made.entropy.data<double>()[i];
    information[is_right] += made.mutual_information.data<double>()[i];
  }
  REQUIRE(count[0] > 1);
  REQUIRE(count[1] > 1);
  CHECK(got.predictions == 6);
  CHECK(got.loss == doctest::Approx(loss).epsilon(1e-12));
  CHECK(got.accuracy == right / 4);
  for (const bool is_right : {false, true}) {
    const train::MeanUncertainty& mean = is_right ? got.right : got.wrong;
    CHECK(mean.samples == count[is_right]);
    CHECK(mean.entropy == doctest::Approx(entropy[is_right] / count[is_right]).epsilon(1e-12));
    CHECK(mean.mutual_information ==
          doctest::Approx(information[is_right] / count[is_right]).epsilon(1e-12));
  }
}

TEST_CASE("Scores and information criteria are those of the likelihood") {
  Rng rng(4);
  layers::Sequential model{identity(rng)};
  const auto log_probability = [](double other) { return -std::log1p(std::exp(other)); };
  const double likelihood =
      log_probability(1) + log_probability(-3) + log_probability(-2) + log_probability(1);
  const train::Evaluation evaluation = train::evaluate(model, four_samples(), {.batch_size = 3});
  CHECK(evaluation.loss == doctest::Approx(-likelihood / 4).epsilon(1e-6));
  CHECK(evaluation.accuracy == 0.5);
  CHECK(evaluation.confusion.to_vector<int64_t>() == std::vector<int64_t>{1, 1, 1, 1});
  CHECK(evaluation.predictions.to_vector<int64_t>() == std::vector<int64_t>{1, 0, 1, 0});
  const auto criteria = train::information_criteria(model, four_samples());
  CHECK(criteria.log_likelihood == doctest::Approx(likelihood).epsilon(1e-6));
  CHECK(criteria.parameters == 4);
  CHECK(criteria.samples == 4);
  CHECK(criteria.aic == doctest::Approx(8 - 2 * likelihood).epsilon(1e-6));
  CHECK(criteria.bic == doctest::Approx(4 * std::log(4) - 2 * likelihood).epsilon(1e-6));
}

TEST_CASE("Timed steps follow the steps that warm up, over the batches in turn") {
  Rng rng(4);
  layers::Sequential model{identity(rng)};
  optim::SGD optimizer(model.parameters(), {.lr = 0.5});
  const data::Dataset dataset = four_samples();
  const std::vector<data::Batch> batches{dataset.batch(0, 1), dataset.batch(1, 2),
                                         dataset.batch(0, 4)};
  std::vector<int64_t> sizes;
  const layers::CallObserver observer(
      [&](layers::Module& layer, const Tensor& input, const Tensor&) {
        if (layer.description().starts_with("Dense")) sizes.push_back(input.size(0));
      });
  const Stopwatch watch;
  const std::vector<double> milliseconds = train::time_steps(model, optimizer, batches, 7);
  const double all = 1e3 * watch.seconds();
  CHECK(sizes == std::vector<int64_t>{1, 2, 4, 1, 2, 4, 1, 2, 4, 1, 2, 4});
  CHECK(optimizer.steps() == 12);
  REQUIRE(milliseconds.size() == 7);
  double sum = 0;
  for (const double time : milliseconds) sum += time;
  CHECK(sum < all);
  CHECK(sum > all / 1000);  // so it isn't in seconds
  // Without zero_grad() gradients would add up; the same steps by hand end with the same bits.
  layers::Sequential other{identity(rng)};
  optim::SGD steps(other.parameters(), {.lr = 0.5});
  for (std::size_t i = 0; i < 12; ++i) {
    steps.zero_grad();
    cross_entropy(other(batches[i % 3].inputs), batches[i % 3].targets).backward();
    steps.step();
  }
  CHECK(model.parameters()[0].second.to_vector<float>() ==
        other.parameters()[0].second.to_vector<float>());
}

TEST_CASE("A step costs three forward passes, without the first layer's gradient of its inputs") {
  Rng rng(4);
  layers::Sequential model{layers::ReLU(), layers::Dense(3, 4, rng), layers::ReLU(),
                           layers::Dense(4, 2, rng)};
  CHECK(train::flops_per_image(model, {3}) == 3 * (24 + 16) - 24);
}
