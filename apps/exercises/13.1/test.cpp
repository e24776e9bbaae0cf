// Hint: the chapter has both lines; gd::sigmoid and gd::tanh are functions of tensors. The new h
// needs the new c.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

void check() {
  const auto one = [](double value) { return gd::Tensor::full({1, 1}, value); };
  // Gates of 1 and 0: nothing is written, everything is kept, and shown.
  const LstmState kept =
      lstm_step(gd::Tensor::from({{-50.f, 50.f, 1.f, 50.f}}), {one(0), one(0.5)});
  exercise::expect_near("c with i = 0, f = 1 and the old c = 0.5", kept.c, one(0.5));
  exercise::expect_near("h with o = 1 and c = 0.5", kept.h, one(std::tanh(0.5)));
  const LstmState written =
      lstm_step(gd::Tensor::from({{50.f, -50.f, 1.f, -50.f}}), {one(0), one(0.5)});
  exercise::expect_near("c with i = 1, f = 0 and the sum 1 of g", written.c, one(std::tanh(1)));
  exercise::expect_near("h with o = 0", written.h, one(0));

  // A layer of the library: its sums, and what it makes of them.
  gd::Rng rng(1);
  gd::layers::LSTM lstm({.input = 3, .hidden = 5}, rng);
  const gd::NamedTensors weights = lstm.parameters();
  const gd::Tensor x = gd::randn({4, 2, 3}, rng);
  LstmState state{gd::Tensor::zeros({4, 5}), gd::Tensor::zeros({4, 5})};
  for (const int64_t t : {0, 1})
    state = lstm_step(gd::linear(x(gd::Slice{}, t), weights[0].second, weights[2].second) +
                          gd::linear(state.h, weights[1].second, weights[3].second),
                      state);
  const auto right = lstm.run(x).state;
  exercise::expect_near("h after two random steps", state.h, right.h.squeeze(0));
  exercise::expect_near("c after two random steps", state.c, right.c.squeeze(0));
}
