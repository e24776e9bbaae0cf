// Twenty-one convolutions, plain and with residual connections: gradients and training.
#include <apps/pictures/plot.hpp>
#include <gradus.hpp>

namespace gd = gradus;
using gd::layers::BatchNorm2d, gd::layers::Conv2d, gd::layers::Dense, gd::layers::Flatten,
    gd::layers::MaxPool2d, gd::layers::ReLU, gd::layers::Residual, gd::layers::Sequential;

constexpr int64_t channels = 10;

Conv2d convolution(int64_t inputs, gd::Rng& rng) {
  return Conv2d({.in_channels = inputs, .out_channels = channels, .kernel = 3, .padding = 1}, rng);
}

// F(x): twice batch normalization, ReLU and convolution.
Sequential body(gd::Rng& rng) {
  return Sequential{BatchNorm2d(channels), ReLU(), convolution(channels, rng),
                    BatchNorm2d(channels), ReLU(), convolution(channels, rng)};
}

Sequential network(bool residual, gd::Rng& rng) {
  Sequential model{convolution(1, rng), MaxPool2d(4)};  // (16, 7, 7)
  for (int block = 0; block < 10; ++block)
    if (residual)
      model.push_back(Residual(body(rng)));  // x + F(x)
    else
      model.push_back(body(rng));  // F(x)
  model.push_back(BatchNorm2d(channels));
  model.push_back(ReLU());
  model.push_back(Flatten());
  model.push_back(Dense(channels * 7 * 7, 10, rng));
  gd::layers::initialize(model, "he-normal", rng);
  return model;
}

// The norms of the gradients of all convolutions, from the first to the last.
std::vector<double> gradients(Sequential model, const gd::data::Dataset& train) {
  const auto [images, labels] = train.batch(0, 256);
  gd::cross_entropy(model(images), labels).backward();
  std::vector<double> sizes;
  for (const auto& [name, weight] : model.parameters())
    if (weight.rank() == 4) sizes.push_back(gd::norm(weight.grad()).item());
  return sizes;
}

int main() {
  using gd::pictures::Chart;
  Chart layers{"Before training", "convolution", "norm of the gradient", {}, gd::pictures::log_y};
  Chart epochs{"Training", "epoch", "validation accuracy (%)"};
  fmt::print(
      "          gradient, block 1           block 10  % right, epoch 1            epoch 4\n");
  for (const bool residual : {false, true}) {
    const std::string name = residual ? "residual" : "plain";
    std::vector<double> columns[4];
    for (const int seed : {1, 2, 3}) {
      gd::Rng rng(seed);
      const auto [train, validation] =
          gd::data::stratified_split(gd::data::digits().train, 0.2, rng);
      Sequential model = network(residual, rng);
      const auto sizes = gradients(model, train);
      gd::optim::SGD optimizer(model.parameters(), {.lr = 0.03, .momentum = 0.9});
      const auto log = gd::train::fit(
          model, optimizer, train,
          {.epochs = 4, .batch_size = 32, .watch_test = validation, .schedule = "one-cycle"}, rng);
      columns[0].push_back(sizes[2]);
      columns[1].push_back(sizes.back());
      columns[2].push_back(100 * log.front().test_score);
      columns[3].push_back(100 * log.back().test_score);
      if (seed > 1) continue;
      layers.line(name, sizes);
      epochs.series.push_back({.name = name});
      for (const auto& epoch : log) epochs.series.back().add(epoch.epoch, 100 * epoch.test_score);
    }
    fmt::print("{:<8}", name);
    for (int i = 0; i < 4; ++i)
      fmt::print("  {:>17}", gd::to_string(gd::estimate(columns[i]), i < 2 ? 2 : 1));
    fmt::print("\n");
  }
  gd::pictures::save("gradients.svg", std::vector{layers, epochs});
}
