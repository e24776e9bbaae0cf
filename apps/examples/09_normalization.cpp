// Batch normalization: its formula, its effect on badly initialized networks, and its two modes.
#include <gradus.hpp>

namespace gd = gradus;
using gd::layers::BatchNorm1d, gd::layers::Dense, gd::layers::Flatten, gd::layers::ReLU,
    gd::layers::Sequential;

// Ten hidden layers, with batch normalization before each ReLU or without.
Sequential deep_network(bool normalized, const char* initialization, gd::Rng& rng) {
  Sequential model{Flatten()};
  for (int layer = 0; layer < 10; ++layer) {
    model.push_back(Dense(layer == 0 ? 28 * 28 : 64, 64, rng));
    if (normalized) model.push_back(BatchNorm1d(64));
    model.push_back(ReLU());
  }
  model.push_back(Dense(64, 10, rng));
  gd::layers::initialize(model, initialization, rng);
  return model;
}

// The test accuracy in per cent; NaN if the training diverged.
double learn(Sequential& model, const gd::data::Split& digits, gd::Rng& rng) {
  gd::optim::SGD optimizer(model.parameters(), {.lr = 0.03});
  const auto history =
      gd::train::fit(model, optimizer, digits.train,
                     {.epochs = 10, .batch_size = 32, .stop_where_diverged = false}, rng);
  if (std::isnan(history.back().train_loss)) return NAN;
  return 100 * gd::accuracy(model, digits.test);
}

int main() {
  gd::Rng rng(1);
  const gd::data::Split digits = gd::data::digits();

  // The formula, on 32 vectors of 4 numbers of mean 3 and deviation 5.
  const gd::Tensor x = 5.0 * gd::randn({32, 4}, rng) + 3.0;
  const gd::Tensor mean = gd::mean(x, {0});
  const gd::Tensor variance = gd::mean(gd::square(x - mean), {0});
  const gd::Tensor y = (x - mean) / gd::sqrt(variance + 1e-5);
  const gd::Tensor difference = gd::amax(gd::abs(BatchNorm1d(4)(x) - y));
  fmt::print("the layer computes the formula: {}\n", difference.item() < 1e-5);

  // Weights of three sizes, too small, right and too large.
  fmt::print("test accuracy, %  without  batch norm\n");
  for (const char* initialization : {"normal:std=0.02", "he-normal", "normal:std=0.5"}) {
    Sequential plain = deep_network(false, initialization, rng);
    Sequential normalized = deep_network(true, initialization, rng);
    const double without = learn(plain, digits, rng), with = learn(normalized, digits, rng);
    fmt::print("{:<16}  {:>7.1f}  {:>10.1f}\n", initialization, without, with);
  }

  // In training the scores of an image depend on the other images of the batch; in evaluation they
  // don't.
  Sequential model = deep_network(true, "he-normal", rng);
  learn(model, digits, rng);
  const auto first_of = [&](int64_t count) {
    return gd::slice(model(digits.test.batch(0, count).inputs), 0, 0, 1);
  };
  for (const bool training : {true, false}) {
    model.train(training);
    const gd::Tensor change = gd::amax(gd::abs(first_of(8) - first_of(64)));
    fmt::print("{}: other images change the scores: {}\n", training ? "training" : "evaluation",
               change.item() > 1e-3);
  }
}
