#include "optim/averaging.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace gradus;
using namespace gradus::optim;

namespace {

// A weight, a running statistic and a count.
struct State {
  Tensor weight = Tensor::from({1.0, -2.0}).set_requires_grad(), mean = Tensor::from({0.5f}),
         count = Tensor::from<int64_t>({0});

  NamedTensors tensors() const { return {{"weight", weight}, {"mean", mean}, {"count", count}}; }
  void change(int step) {
    for (int i = 0; i < 2; ++i) weight.mutable_data<double>()[i] = std::sin(step + i);
    mean.mutable_data<float>()[0] = static_cast<float>(step);
    count.mutable_data<int64_t>()[0] = step;
  }
};

}  // namespace

TEST_CASE("An exponential average follows its formula from the first values on") {
  State state;
  WeightAverage average(state.tensors(), {.decay = 0.75});
  double wanted[2] = {};
  for (int step = 0; step < 8; ++step) {
    state.change(step);
    average.update();
    for (int i = 0; i < 2; ++i)
      wanted[i] = step == 0 ? std::sin(i) : 0.75 * wanted[i] + 0.25 * std::sin(step + i);
  }
  const WeightAverage::Scope averaged(average);
  for (int i = 0; i < 2; ++i)
    CHECK(state.weight.data<double>()[i] == doctest::Approx(wanted[i]).epsilon(1e-14));
  CHECK(state.count.data<int64_t>()[0] == 7);
}

TEST_CASE("Stochastic weight averaging takes the mean of all updates, of buffers too") {
  State state;
  WeightAverage average(state.tensors());
  double sum = 0;
  for (int step = 1; step <= 5; ++step) {
    state.change(step);
    average.update();
    sum += std::sin(step);
  }
  CHECK(average.updates() == 5);
  {
    const WeightAverage::Scope averaged(average);
    CHECK(state.weight.data<double>()[0] == doctest::Approx(sum / 5).epsilon(1e-14));
    CHECK(state.mean.data<float>()[0] == doctest::Approx(3));
  }
  CHECK(state.weight.data<double>()[0] == std::sin(5));
  CHECK(state.mean.data<float>()[0] == 5);
}

TEST_CASE("An average, saved and loaded, goes on with the same bits") {
  State state;
  WeightAverage whole(state.tensors(), {.decay = 0.9}), first(state.tensors(), {.decay = 0.9}),
      second(state.tensors(), {.decay = 0.9});
  for (int step = 0; step < 9; ++step) {
    state.change(step);
    whole.update();
    if (step == 4) second.load_state_dict(first.state_dict());
    (step < 4 ? first : second).update();
  }
  CHECK(second.updates() == 9);
  const NamedTensors a = whole.state_dict(), b = second.state_dict();
  CHECK(a[1].second.to_vector<double>() == b[1].second.to_vector<double>());
  CHECK(a[2].second.to_vector<float>() == b[2].second.to_vector<float>());
  CHECK(a[1].first == "weight");
}

TEST_CASE("Averages refuse wrong options and states") {
  State state;
  CHECK_THROWS_WITH(WeightAverage(state.tensors(), {.decay = 1}),
                    "[weight_average] decay must be in [0, 1), got 1");
  CHECK_THROWS_WITH(WeightAverage({{"w", Tensor()}}), "[weight_average] tensor 'w' is undefined");
  WeightAverage average(state.tensors());
  CHECK_THROWS_AS(average.swap(), std::logic_error);
  CHECK_THROWS_WITH(average.swap(),
                    "[weight_average] there is no average before the first update()");
  CHECK_THROWS_WITH(
      average.load_state_dict({{"updates", Tensor::from<int64_t>({1}).alias({})}}),
      "[weight_average] the state doesn't fit the optimizer: missing weight; missing mean; missing "
      "count");
}

TEST_CASE("With a warmup the first weights are forgotten, and the decay is reached") {
  Tensor weight = Tensor::from({1.0}).set_requires_grad();
  WeightAverage average({{"w", weight}}, {.decay = 0.5, .warmup = true});
  double wanted = 0;
  for (int step = 0; step < 12; ++step) {
    weight.mutable_data<double>()[0] = std::sin(step);
    average.update();
    const double decay = std::min(0.5, (1. + step) / (10. + step));
    wanted = step == 0 ? std::sin(step) : decay * wanted + (1 - decay) * std::sin(step);
  }
  const WeightAverage::Scope averaged(average);
  CHECK(weight.data<double>()[0] == doctest::Approx(wanted).epsilon(1e-14));
  CHECK_THROWS_WITH(WeightAverage({{"w", weight}}, {.warmup = true}),
                    "[weight_average] a warmup needs a decay");
}

TEST_CASE("Iterates are copied, not averaged") {
  Tensor weight = Tensor::from({1.0}), vector = Tensor::from({1.0});
  WeightAverage average({{"w", weight}, {"u", vector}}, {}, {{"u", vector}});
  for (const double value : {1.0, 0.0, -1.0}) {
    weight.fill(value);
    vector.fill(value);
    average.update();
  }
  const WeightAverage::Scope averaged(average);
  CHECK(weight.item() == doctest::Approx(0).epsilon(1e-15));
  CHECK(vector.item() == -1);
}
