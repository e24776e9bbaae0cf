#include "layers/monte_carlo.hpp"

#include <cmath>

#include "core/ops/activation.hpp"
#include "core/ops/linear.hpp"
#include "core/ops/loss/information.hpp"
#include "core/parallel.hpp"
#include "layers/activation.hpp"
#include "layers/convolution.hpp"
#include "layers/dense.hpp"
#include "layers/dropout.hpp"
#include "layers/flatten.hpp"
#include "layers/norm/normalization.hpp"
#include "layers/norm/spectral_norm.hpp"
#include "layers/recurrent.hpp"
#include "layers/sequential.hpp"
#include "tests/layers/check.hpp"

using namespace gradus;
using namespace gradus::layers;

namespace {

Tensor images() {
  Rng rng(4);
  return randn({70, 1, 6, 6}, rng);
}

// Every random part that a model can have, and batch normalization between.
Sequential dropout_network(double rate = 0.4) {
  Rng rng(3);
  Sequential model{Conv2d({.in_channels = 1, .out_channels = 6, .kernel = 3}, rng),
                   BatchNorm2d(6),
                   ReLU(),
                   Dropout2d(rate, rng),
                   Flatten(),
                   Dense(96, 20, rng),
                   ReLU(),
                   Dropout(rate, rng),
                   Dense(20, 4, rng)};
  dynamic_cast<Dense&>(model[5]).reparametrize(DropConnect(rate, rng));
  model(images());
  return model;
}

std::vector<bool> modes(Module& model) {
  const Members members(model);
  std::vector<bool> result;
  for (const auto& [path, module] : members.modules()) result.push_back(module->is_training());
  return result;
}

std::vector<Rng::State> generator_states(Module& model) {
  std::vector<Rng::State> result;
  for (const auto& [path, generator] : model.named_generators())
    result.push_back(generator->state());
  return result;
}

// Over all masks of n elements, by the probability of each.
struct Exact {
  Tensor mean = Tensor::zeros({3}, DType::f64), square = mean.clone();
  double conditional_entropy = 0;
};
Exact enumerate(int n, double rate, const std::function<Tensor(const Tensor& mask)>& logits) {
  Exact exact;
  for (int which = 0; which < 1 << n; ++which) {
    double chance = 1;
    Tensor mask = Tensor::zeros({n}, DType::f64);
    for (int i = 0; i < n; ++i) {
      const bool kept = which >> i & 1;
      chance *= kept ? 1 - rate : rate;
      mask.mutable_data<double>()[i] = kept ? 1 / (1 - rate) : 0;
    }
    const Tensor p = softmax(flatten(logits(mask)), 0);
    exact.mean = exact.mean + p * chance;
    exact.square = exact.square + square(p) * chance;
    exact.conditional_entropy += chance * entropy(p).item();
  }
  return exact;
}

// Of `rows` rows of the same input, which are independent estimates where each has its own mask.
void check_estimates(Module& model, const Tensor& x, int64_t rows, int64_t samples,
                     const Exact& exact) {
  Rng rng(5);
  model.to(DType::f64);
  const MonteCarloPrediction got =
      monte_carlo_predict(model, expand(x, {rows, x.size(1)}), samples, rng);
  const double tolerance = 1.5 / std::sqrt(rows * samples);
  const auto check_close = [&](const Tensor& a, const Tensor& b) {
    CHECK(amax(abs(a - b)).item() < tolerance);
  };
  check_close(mean(got.mean, {0}), exact.mean);
  check_close(mean(got.deviation, {0}), sqrt(exact.square - square(exact.mean)));
  check_close(mean(got.entropy), entropy(exact.mean));
  check_close(mean(got.mutual_information), entropy(exact.mean) - exact.conditional_entropy);
  CHECK(mean(got.mutual_information).item() > 0.05);
}

}  // namespace

TEST_CASE("the measures of many samples are those of all masks of a small linear network") {
  Rng rng(2);
  const double rate = 0.3;
  const Tensor x = Tensor::from(std::vector<double>{1.5, -2, 0.7, 1}, {1, 4});
  Sequential values{Dropout(rate, rng), Dense(4, 3, rng)};
  const auto plain = [&](Dense& layer, const Tensor& input, const Tensor& mask) {
    const auto in_f64 = [](const Tensor& t) { return cast(t.detach(), DType::f64); };
    return linear(input, in_f64(layer.weight) * mask, in_f64(layer.bias));
  };
  no_grad([&] { dynamic_cast<Dense&>(values[1]).weight.copy_from(randn({3, 4}, rng)); });
  Sequential of_values = values;
  auto& dense = dynamic_cast<Dense&>(values[1]);
  check_estimates(of_values, x, 64, 1000, enumerate(4, rate, [&](const Tensor& mask) {
                    return plain(dense, x * mask, Tensor::ones({1}, DType::f64));
                  }));

  Dense weights(2, 3, rng);
  no_grad([&] { weights.weight.copy_from(randn({3, 2}, rng)); });
  Dense of_weights = weights;
  of_weights.reparametrize(DropConnect(rate, rng));
  const Tensor two = slice(x, 1, 0, 2);
  check_estimates(of_weights, two, 1, 20000, enumerate(6, rate, [&](const Tensor& mask) {
                    return plain(weights, two, reshape(mask, {3, 2}));
                  }));
}

TEST_CASE("the deviation of two samples is their distance over the root of 2") {
  Rng rng(2);
  Sequential model{Dropout(0.5, rng), Dense(1, 2, rng)};
  const auto probability = [&](float input) {
    model.evaluate();
    const Tensor p = softmax(cast(model(Tensor::from<float>({input}, {1, 1})), DType::f64), 1);
    model.train();
    return p.data<double>()[0];
  };
  const double dropped = probability(0), kept = probability(2);  // 1, scaled
  const MonteCarloPrediction got = monte_carlo_predict(model, Tensor::ones({64, 1}), 2, rng);
  int mixed = 0;
  for (int i = 0; i < 64; ++i) {
    const double mean = got.mean.data<double>()[2 * i];
    const bool is_mixed = std::abs(mean - (dropped + kept) / 2) < 1e-9;
    mixed += is_mixed;
    CHECK(got.deviation.data<double>()[2 * i] ==
          doctest::Approx(is_mixed ? std::abs(dropped - kept) / std::sqrt(2) : 0).epsilon(1e-6));
  }
  CHECK(mixed > 10);
  CHECK(mixed < 54);
}

TEST_CASE("batch normalization is in evaluation mode, and its statistics stay") {
  Sequential model = dropout_network(0);
  Rng rng(1);
  const NamedTensors before = Sequential(model).state_dict();
  const MonteCarloPrediction got = monte_carlo_predict(model, images(), 3, rng);
  const NamedTensors after = model.state_dict();
  for (std::size_t i = 0; i < after.size(); ++i) check_equal(after[i].second, before[i].second);
  CHECK(amax(got.deviation).item() < 1e-15);
  CHECK(amax(got.mutual_information).item() < 1e-14);
  const auto scope = model.evaluation_scope();
  const Tensor wanted = softmax(cast(model(images()), DType::f64), 1);
  CHECK(amax(abs(got.mean - wanted)).item() < 1e-15);
}

TEST_CASE("modes and generators are afterwards as they were, also after an error") {
  Sequential model = dropout_network();
  model[3].evaluate();
  model[5].evaluate();
  const std::vector<bool> modes_before = modes(model);
  const std::vector<Rng::State> generators_before = generator_states(model);
  REQUIRE(generators_before.size() == 3);
  Rng rng(1);
  const MonteCarloPrediction got = monte_carlo_predict(model, images(), 3, rng);
  CHECK(amin(got.deviation).item() > 0);  // modules in evaluation mode drew masks, too
  CHECK_FALSE(got.mean.requires_grad());
  const auto check_same = [&] {
    CHECK(modes(model) == modes_before);
    CHECK(generator_states(model) == generators_before);
    CHECK(grad_enabled());
  };
  check_same();
  CHECK_THROWS_AS(monte_carlo_predict(model, Tensor::ones({2, 1, 7, 7}), 3, rng),
                  std::invalid_argument);
  check_same();
}

TEST_CASE("the same seed gives the same bits for any number of threads, and each call other ones") {
  const int before = num_threads();
  Sequential model = dropout_network();
  const auto predict = [&](int threads, Rng& rng) {
    set_num_threads(threads);
    return monte_carlo_predict(model, images(), 5, rng);
  };
  Rng one(9), two(9);
  const MonteCarloPrediction serial = predict(1, one), parallel = predict(2, two);
  check_equal(serial.mean, parallel.mean);
  check_equal(serial.deviation, parallel.deviation);
  check_equal(serial.entropy, parallel.entropy);
  check_equal(serial.mutual_information, parallel.mutual_information);
  CHECK(predict(2, two).mean.to_vector<double>() != serial.mean.to_vector<double>());
  set_num_threads(before);
}

TEST_CASE("the mutual information lies between 0 and the entropy, and that below log K") {
  Sequential model = dropout_network();
  Rng rng(9);
  const MonteCarloPrediction got = monte_carlo_predict(model, images(), 20, rng);
  CHECK(got.mean.shape() == Shape{70, 4});
  CHECK(got.deviation.shape() == Shape{70, 4});
  CHECK(got.entropy.shape() == Shape{70});
  CHECK(amin(got.mutual_information).item() >= 0);
  CHECK(amin(got.entropy - got.mutual_information).item() > 0);
  CHECK(amax(got.entropy).item() <= std::log(4));
}

TEST_CASE("a recurrent layer's dropout draws, and the buffers of its weights are put back") {
  Rng rng(6);
  Sequential model{LSTM({.input = 4,
                         .hidden = 5,
                         .dropout = 0.5,
                         .dropout_kind = RecurrentDropout::variational,
                         .last_only = true},
                        rng),
                   Dense(5, 3, rng)};
  dynamic_cast<LSTM&>(model[0]).reparametrize(SpectralNorm());
  const NamedTensors before = Sequential(model).state_dict();
  const MonteCarloPrediction got = monte_carlo_predict(model, randn({3, 6, 4}, rng), 4, rng);
  CHECK(amin(got.deviation).item() > 0);
  const NamedTensors after = model.state_dict();
  for (std::size_t i = 0; i < after.size(); ++i) check_equal(after[i].second, before[i].second);
}

TEST_CASE("monte_carlo_predict refuses wrong models and inputs") {
  Rng rng(1);
  const auto check_refused = [&](AnyModule model, const Tensor& x, int64_t samples,
                                 const char* message) {
    CHECK_THROWS_WITH_AS(monte_carlo_predict(*model, x, samples, rng), message,
                         std::invalid_argument);
  };
  const Tensor x = Tensor::ones({2, 3});
  check_refused(
      Dense(3, 2, rng), x, 10,
      "[monte_carlo_predict] the model must have dropout: without it all samples are the same");
  check_refused(Dropout(0.5, rng), x, 1, "[monte_carlo_predict] samples must be 2 or more, got 1");
  check_refused(Dropout(0.5, rng), Tensor::ones({3}), 2,
                "[monte_carlo_predict] logits must be (N, K), got (3)");
}
