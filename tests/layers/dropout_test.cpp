#include "layers/dropout.hpp"

#include <cmath>

#include "core/ops/linear.hpp"
#include "core/ops/pooling.hpp"
#include "core/parallel.hpp"
#include "layers/convolution.hpp"
#include "layers/dense.hpp"
#include "layers/norm/weight_norm.hpp"
#include "layers/recurrent.hpp"
#include "layers/sequential.hpp"
#include "tests/layers/check.hpp"

using namespace gradus;
using namespace gradus::layers;

namespace {

Dense dropped(double rate, uint64_t seed = 1) {
  Rng rng(seed);
  Dense layer(4, 3, rng);
  layer.reparametrize(DropConnect(rate, rng));
  return layer;
}

// The part of `values` that is 0; the others are exactly `kept`.
double dropped_part(const std::vector<float>& values, float kept) {
  const auto zeros = std::count(values.begin(), values.end(), 0.0f);
  CHECK(zeros + std::count(values.begin(), values.end(), kept) ==
        static_cast<int64_t>(values.size()));
  return static_cast<double>(zeros) / static_cast<double>(values.size());
}

// Whether a part of n draws is within four deviations of the rate.
void check_rate(double part, double rate, double n) {
  CHECK(std::abs(part - rate) < 4 * std::sqrt(rate * (1 - rate) / n));
}

}  // namespace

TEST_CASE("channels and weights are dropped at their rate, and what is kept is scaled exactly") {
  Rng rng(3);
  for (const double rate : {0.1, 0.5, 0.8}) {
    CAPTURE(rate);
    const float kept = 3 * static_cast<float>(1 / (1 - rate));
    const Tensor y = Dropout2d(rate, rng)(Tensor::full({64, 100, 2, 3}, 3));
    check_rate(dropped_part(y.to_vector<float>(), kept), rate, 6400);
    const Tensor least = amin(y, {2, 3});
    check_equal(least, amax(y, {2, 3}));
    const Tensor first = slice(least, 0, 0, 1), second = slice(least, 0, 1, 2);
    check_rate(dropped_part(first.to_vector<float>(), kept), rate, 100);
    CHECK(first.to_vector<float>() != second.to_vector<float>());
    const Tensor weight = DropConnect(rate, rng).apply(Tensor::full({100, 80}, 3), true);
    check_rate(dropped_part(weight.to_vector<float>(), kept), rate, 8000);
  }
}

TEST_CASE("the mean over many masks is what evaluation computes") {
  Rng rng(2);
  const double rate = 0.4;
  Sequential model{Conv2d({.in_channels = 2, .out_channels = 3, .kernel = 2}, rng),
                   Dropout2d(rate, rng)};
  Dense dense(12, 4, rng);
  dense.reparametrize(DropConnect(rate, rng));
  const auto check_mean = [](Module& module, const Tensor& x, double bound) {
    const NoGrad no_grad;
    const int masks = 4000;
    module.evaluate();
    const Tensor wanted = module(x);
    module.train();
    Tensor total = Tensor::zeros(wanted.shape());
    for (int i = 0; i < masks; ++i) add_in_place(total, module(x));
    CHECK(amax(abs(total / masks - wanted)).item() < bound / std::sqrt(masks));
  };
  // Deviations of one mask are below 2 and 1.
  check_mean(model, randn({1, 2, 3, 3}, rng), 4 * 2);
  check_mean(dense, randn({1, 12}, rng), 4 * 1);
}

TEST_CASE("gradients use the mask of the values") {
  Rng rng(4);
  Dropout2d channels(0.5, rng);
  const Tensor x = Tensor::ones({8, 4, 2, 2}).set_requires_grad();
  const Tensor y = channels(x), upstream = randn({8, 4, 2, 2}, rng);
  y.backward(upstream);
  check_equal(x.grad(), upstream * y);

  Dense layer = dropped(0.5);
  const Rng before = *layer.named_generators()[0].second;
  const Tensor input = randn({5, 4}, rng), gradient = randn({5, 3}, rng);
  layer(input).backward(gradient);
  *layer.named_generators()[0].second = before;
  DropConnect same = dynamic_cast<const DropConnect&>(*layer.reparametrization().operator->());
  const Tensor mask = same.apply(Tensor::ones({3, 4}), true);
  CHECK(amin(mask).item() == 0);
  check_equal(layer.weight.grad(), matmul(transpose(gradient, 0, 1), input) * mask);
  check_equal(layer.bias.grad(), sum(gradient, {0}));
}

TEST_CASE("derivatives of channel dropout and of dropped weights, first and second") {
  Rng rng(2);
  check_gradients(Dropout2d(0.4, rng), random_input({3, 4, 2, 2}));
  check_gradients(dropped(0.4), random_input({2, 4}));
  Conv2d convolution({.in_channels = 2, .out_channels = 3, .kernel = 2}, rng);
  convolution.reparametrize(DropConnect(0.3, rng));
  check_gradients(convolution, random_input({2, 2, 3, 3}));
}

TEST_CASE("evaluation drops nothing, and the plain weight keeps its name") {
  Rng rng(5);
  const Tensor x = randn({2, 3, 4, 4}, rng), rows = randn({2, 4}, rng);
  Dropout2d channels(0.5, rng);
  channels.evaluate();
  CHECK(channels(x).is_same(x));

  Dense layer = dropped(0.5);
  CHECK(names_of(layer.state_dict()) == std::vector<std::string>{"weight", "bias"});
  CHECK(layer.named_generators()[0].first == "weight_rng");
  CHECK(layer.description() == "Dense(4, 3) with DropConnect(0.5)");
  CHECK(layer.equation() == "");
  const Tensor plain = linear(rows, layer.weight, layer.bias);
  CHECK(layer(rows).to_vector<float>() != plain.to_vector<float>());
  layer.evaluate();
  check_equal(layer(rows), plain);
  layer.train();
  fold(layer);
  CHECK(layer.named_generators().empty());
  check_equal(layer(rows), plain);
}

TEST_CASE("each call draws a new mask, and a generator that is set back the same one") {
  Rng rng(6);
  Sequential model{Conv2d({.in_channels = 1, .out_channels = 16, .kernel = 2}, rng),
                   Dropout2d(0.5, rng)};
  dynamic_cast<Conv2d&>(model[0]).reparametrize(DropConnect(0.5, rng));
  const auto generators = model.named_generators();
  REQUIRE(generators.size() == 2);
  CHECK(generators[0].first == "0.weight_rng");
  CHECK(generators[1].first == "1.rng");
  const std::vector<Rng> start{*generators[0].second, *generators[1].second};
  const Tensor x = randn({3, 1, 3, 3}, rng), first = model(x);
  CHECK(model(x).to_vector<float>() != first.to_vector<float>());
  for (std::size_t i = 0; i < start.size(); ++i) *generators[i].second = start[i];
  Sequential copy = model;
  check_equal(model(x), first);
  check_equal(copy(x), first);
}

TEST_CASE("masks are the same bits for one and for two threads") {
  const int before = num_threads();
  const auto compute = [](int threads) {
    set_num_threads(threads);
    Rng rng(7);
    Dense layer(400, 300, rng);
    layer.reparametrize(DropConnect(0.3, rng));
    Dropout2d channels(0.3, rng);
    const Tensor x = randn({64, 25, 4, 4}, rng);
    const Tensor y = layer(flatten(channels(x), 1));
    sum(square(y)).backward();
    return std::vector{y.to_vector<float>(), layer.weight.grad().to_vector<float>()};
  };
  const auto serial = compute(1);
  CHECK(compute(2) == serial);
  set_num_threads(before);
}

TEST_CASE("channel dropout before or after pooling is the same") {
  Rng rng(8);
  Dropout2d before(0.5, rng), after = before;
  const Tensor x = randn({4, 6, 6, 6}, rng);
  check_equal(max_pool2d(before(x), {.kernel = 2}), after(max_pool2d(x, {.kernel = 2})));
}

TEST_CASE("the weights of a recurrent layer are dropped apart, one mask for all steps") {
  Rng rng(9);
  RNN layer({.input = 8, .hidden = 8, .bias = false}, rng);
  layer.reparametrize(DropConnect(0.5, rng));
  const auto generators = layer.named_generators();
  REQUIRE(generators.size() == 2);
  CHECK(generators[0].first == "weight_ih_l0_rng");
  CHECK(generators[1].first == "weight_hh_l0_rng");
  CHECK(generators[0].second->state() != generators[1].second->state());
  // Without the state's part each step computes the same of the same input.
  no_grad([&] { layer.named_parameters()[1].second.fill(0); });
  const Tensor y = layer(Tensor::ones({1, 5, 8}));
  for (int64_t step = 1; step < 5; ++step)
    check_equal(slice(y, 1, step, step + 1), slice(y, 1, 0, 1));
}

TEST_CASE("dropout refuses wrong rates and inputs") {
  Rng rng(1);
  check_refused([&] { Dropout2d(1, rng); },
                "[dropout2d] rate must be 0 or more and below 1, got 1");
  check_refused([&] { Dropout2d(NAN, rng); },
                "[dropout2d] rate must be 0 or more and below 1, got nan");
  check_refused([&] { DropConnect(-0.1, rng); },
                "[drop_connect] rate must be 0 or more and below 1, got -0.1");
  check_refused(
      [&] {
        Dropout2d(0.5, rng)(Tensor::ones({3, 4}));
      },
      "[dropout2d] needs images (N, C, H, W), got (3, 4)");
  Dense layer = dropped(0.5);
  check_refused(
      [&] { layer.reparametrize(WeightNorm()); },
      "[reparametrize] Dense(4, 3) with DropConnect(0.5) already has a reparametrization");
}
