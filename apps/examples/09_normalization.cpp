// Batch normalization: its formula, its effect on badly initialized networks, and its two modes.
#include <apps/pictures/plot.hpp>
#include <gradus.hpp>

namespace gd = gradus;
using gd::Tensor;
using namespace gd::layers;

// Ten hidden layers, with batch normalization before each ReLU or without.
Sequential deep_network(bool normalized, const char* initialization, gd::Rng& rng) {
  Sequential model{Flatten()};
  for (int layer = 0; layer < 10; ++layer) {
    model.push_back(Dense(layer == 0 ? 28 * 28 : 64, 64, rng));
    if (normalized) model.push_back(BatchNorm1d(64));
    model.push_back(ReLU());
  }
  model.push_back(Dense(64, 10, rng));
  initialize(model, initialization, rng);
  return model;
}

// The test accuracy over five seeds in per cent; NaN if a training diverged.
std::string learn(bool normalized, const char* initialization, const gd::data::Split& digits) {
  Tensor accuracies = Tensor::zeros({5});
  for (const int seed : {0, 1, 2, 3, 4}) {
    gd::Rng rng(seed + 1);
    Sequential model = deep_network(normalized, initialization, rng);
    gd::optim::SGD optimizer(model.parameters(), {.lr = 0.03});
    const auto history =
        gd::train::fit(model, optimizer, digits.train,
                       {.epochs = 10, .batch_size = 32, .stop_where_diverged = false}, rng);
    if (std::isnan(history.back().train_loss)) return "NaN";
    accuracies.assign({seed}, 100 * gd::accuracy(model, digits.test));
  }
  return fmt::format("{:.1f} ± {:.1f}", accuracies.mean().item(), gd::std(accuracies).item());
}

int main() {
  gd::Rng rng(1);
  const gd::data::Split digits = gd::data::digits();

  // The formula, on 32 vectors of 4 numbers of mean 3 and deviation 5.
  const Tensor x = 5.0 * gd::randn({32, 4}, rng) + 3.0;
  const Tensor mean = gd::mean(x, {0}), variance = gd::mean(gd::square(x - mean), {0});
  const Tensor y = (x - mean) / gd::sqrt(variance + 1e-5);
  const Tensor difference = gd::amax(gd::abs(BatchNorm1d(4)(x) - y));
  fmt::print("the layer computes the formula: {}\n", difference.item() < 1e-5);

  // Weights of three sizes, too small, right and too large.
  fmt::print("test accuracy, %      without   batch norm\n");
  for (const char* initialization : {"normal:std=0.02", "he-normal", "normal:std=0.5"})
    fmt::print("{:<16} {:>12} {:>12}\n", initialization, learn(false, initialization, digits),
               learn(true, initialization, digits));

  // A picture: the values of four units of the last hidden layer, for all images.
  Sequential model = deep_network(true, "normal:std=0.5", rng);
  Tensor values = digits.train.batch(0, digits.train.size()).inputs;
  const Tensor places = gd::linspace(-10, 10, 41);
  std::vector<gd::pictures::Chart> charts;
  for (std::size_t i = 0; i < 30; ++i) {
    values = model[i](values);
    if (i < 28) continue;
    charts.push_back({i == 28 ? "Before normalization" : "After normalization", "z", "images"});
    for (const int unit : {0, 1, 2, 3}) {
      const Tensor distances = (values(gd::Slice{}, unit).unsqueeze(1) - places).abs();
      charts.back().line(fmt::format("unit {}", unit), places, (distances < 0.25).sum(0));
    }
  }
  gd::pictures::save("normalization.svg", charts);

  // Whether the scores of an image depend on the other images of the batch.
  const auto first_of = [&](int64_t count) { return model(digits.test.batch(0, count).inputs)[0]; };
  for (const bool training : {true, false}) {
    model.train(training);
    const Tensor change = gd::amax(gd::abs(first_of(8) - first_of(64)));
    fmt::print("{}: other images change the scores: {}\n", training ? "training" : "evaluation",
               change.item() > 1e-3);
  }
}
