// calibration_test: fit_temperature, view_probabilities, the temperature of a saved model.
#include "train/calibration.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/ops/elementwise.hpp"
#include "core/ops/loss/loss.hpp"
#include "data/metrics.hpp"
#include "data/transform/augmentation.hpp"
#include "layers/dense.hpp"
#include "layers/flatten.hpp"
#include "layers/scale.hpp"
#include "layers/sequential.hpp"
#include "tests/temporary_folder.hpp"
#include "train/saved_model.hpp"

using namespace gradus;

namespace {

// Logits, and labels that are drawn from softmax(logits/temperature).
std::pair<Tensor, Tensor> drawn_labels(double temperature, int64_t samples) {
  Rng rng(5);
  const Tensor logits = randn({samples, 3}, rng, DType::f64) * 3;
  const Tensor probabilities = data::probabilities(logits / temperature);
  Tensor labels = Tensor::empty({samples}, DType::i64);
  for (int64_t i = 0; i < samples; ++i) {
    double left = rng.uniform();
    int64_t label = 0;
    while (label < 2 && (left -= probabilities.data<double>()[3 * i + label]) > 0) ++label;
    labels.mutable_data<int64_t>()[i] = label;
  }
  return {logits, labels};
}

}  // namespace

TEST_CASE("fit_temperature finds the temperature of the labels") {
  for (const double temperature : {0.5, 1.0, 4.0}) {
    const auto [logits, labels] = drawn_labels(temperature, 20000);
    const double found = train::fit_temperature(logits, labels);
    CHECK(found == doctest::Approx(temperature).epsilon(0.04));
    // The loss has its minimum there.
    const auto loss = [logits = logits, labels = labels](double t) {
      return cross_entropy(logits / t, labels).item();
    };
    CHECK(loss(found) <= loss(found * 1.001));
    CHECK(loss(found) <= loss(found / 1.001));
    // Another unit of the logits is another temperature.
    CHECK(train::fit_temperature(logits * 2, labels) == doctest::Approx(2 * found).epsilon(1e-5));
  }
}

TEST_CASE("fit_temperature has limits, and is 1 for logits that aren't finite") {
  const Tensor labels = Tensor::from({int64_t{0}, int64_t{1}});
  const Tensor right = Tensor::from(std::vector<double>{1, 0, 0, 1}, {2, 2});
  CHECK(train::fit_temperature(right, labels) == doctest::Approx(0.05).epsilon(1e-5));
  CHECK(train::fit_temperature(right * -1, labels) == doctest::Approx(20).epsilon(1e-5));
  const Tensor broken = Tensor::from(std::vector<float>{NAN, 0, 0, 1}, {2, 2});
  CHECK(train::fit_temperature(broken, labels) == 1);
}

TEST_CASE("view_probabilities averages over changed views, the first unchanged") {
  Rng rng(3);
  const data::Dataset dataset =
      data::Dataset::of_bytes({10, 20, 30, 40, 50, 60, 70, 80}, {1, 2, 2}, {0, 1}, 2)
          .normalized({{50}, {10}});
  layers::Sequential model{layers::Flatten(), layers::Dense(4, 2, rng)};
  const Tensor plain = data::probabilities(model(dataset.batch(0, 2).inputs));
  const auto same = [](const Tensor& a, const Tensor& b) {
    return a.to_vector<double>() == b.to_vector<double>();
  };
  const data::BatchTransform zero = [](const Tensor& images, Rng&) { return images * 0; };
  CHECK(same(train::view_probabilities(model, dataset, zero, 1, rng), plain));
  const data::Dataset black = data::Dataset::of_bytes(std::vector<uint8_t>(8), {1, 2, 2}, {0, 1}, 2)
                                  .normalized({{50}, {10}});
  const Tensor of_black = data::probabilities(model(black.batch(0, 2).inputs));
  const Tensor mean = train::view_probabilities(model, dataset, zero, 3, rng);
  for (std::size_t i = 0; i < 4; ++i)
    CHECK(mean.data<double>()[i] ==
          doctest::Approx((plain.data<double>()[i] + 2 * of_black.data<double>()[i]) / 3)
              .epsilon(1e-12));
  const data::BatchTransform shift = data::augment("shift:1");
  CHECK(same(train::view_probabilities(model, dataset, shift, 5, Rng(1)),
             train::view_probabilities(model, dataset, shift, 5, Rng(1))));
  CHECK(!same(train::view_probabilities(model, dataset, shift, 5, Rng(1)),
              train::view_probabilities(model, dataset, shift, 5, Rng(2))));
  CHECK_THROWS_WITH_AS(train::view_probabilities(model, dataset, shift, 0, rng),
                       "[view_probabilities] views must be 1 or more, got 0",
                       std::invalid_argument);
}

TEST_CASE("A saved model divides its logits by its temperature") {
  const TemporaryFolder folder;
  train::ModelDescription description{
      .model = "dense 3", .options = {.input = {2}, .classes = 3}, .normalization = {{0}, {1}}};
  Rng rng(1);
  layers::Sequential model = layers::build(description.model, description.options, rng);
  const Tensor x = randn({4, 2}, rng);
  for (const double temperature : {1.0, 2.5}) {
    description.temperature = temperature;
    train::write_model(folder.path("model"), model.state_dict(), description);
    train::SavedModel saved = train::read_model(folder.path("model"));
    CHECK(saved.description.temperature == temperature);
    CHECK(saved.model.size() == (temperature == 1 ? 1 : 2));
    CHECK(saved.model(x).to_vector<float>() ==
          (temperature == 1 ? model(x) : model(x) * (1 / temperature)).to_vector<float>());
  }
  CHECK(layers::Scale(0.4).description() == "Scale(0.4)");
  CHECK_THROWS_WITH_AS(layers::Scale(double{INFINITY}),
                       "[scale] the factor must be finite, got inf", std::invalid_argument);
}
