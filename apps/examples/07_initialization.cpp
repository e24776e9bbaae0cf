// Signals, gradients and training of a deep network, for three sizes of initial weights.
#include <apps/pictures/plot.hpp>
#include <gradus.hpp>

namespace gd = gradus;
using gd::layers::Dense, gd::layers::Flatten, gd::layers::ReLU, gd::layers::Sequential;

constexpr int64_t depth = 20, width = 100;

Sequential deep_network(const char* initialization, gd::Rng& rng) {
  Sequential model{Flatten(), Dense(28 * 28, width, rng), ReLU()};
  for (int64_t layer = 1; layer < depth; ++layer) {
    model.push_back(Dense(width, width, rng));
    model.push_back(ReLU());
  }
  model.push_back(Dense(width, 10, rng));
  gd::layers::initialize(model, initialization, rng);
  return model;
}

double root_mean_square(const gd::Tensor& x) {
  return gd::sqrt(gd::mean(gd::square(x))).item();
}

// Mean ± standard deviation.
std::string summary(const std::vector<double>& values) {
  const gd::Tensor all = gd::Tensor::from(values, {static_cast<int64_t>(values.size())});
  const double mean = gd::mean(all).item();
  return std::isnan(mean) ? "NaN" : fmt::format("{:.2f} ± {:.2f}", mean, gd::std(all).item());
}

int main() {
  const auto [train, test] = gd::data::digits();
  const auto [images, labels] = train.batch(0, 256);

  // He's standard deviation: √(2/n) for a layer with n inputs.
  gd::Rng rng(1);
  gd::Tensor weight = gd::Tensor::empty({width, width});
  gd::layers::init::he_normal(weight, rng);
  fmt::print("he-normal draws weights of size {:.3f}; sqrt(2/n) = {:.3f}\n",
             root_mean_square(weight), std::sqrt(2.0 / width));
  const auto initializations = {"normal:std=0.05", "he-normal", "normal:std=0.3"};
  gd::pictures::Chart signals{"Before training", "layer", "size", {}, gd::pictures::log_y};
  fmt::print("before training      layer 1  layer 10  layer 20  gradient\n");
  for (const char* initialization : initializations) {
    Sequential model = deep_network(initialization, rng);
    gd::pictures::Series sizes{initialization};
    gd::Tensor x = images;
    for (std::size_t i = 0; i < model.size(); ++i) {
      x = model[i](x);
      if (i % 2 == 0 && i > 0) sizes.add(i / 2, root_mean_square(x));  // after each ReLU
    }
    gd::cross_entropy(x, labels).backward();
    const double gradient = root_mean_square(model.parameters()[0].second.grad());
    fmt::print("{:<18} {:9.1e} {:9.1e} {:9.1e} {:9.1e}\n", initialization, sizes.y[0], sizes.y[9],
               sizes.y[19], gradient);
    signals.series.push_back(sizes);
  }
  fmt::print("after training       test accuracy, %    training loss\n");
  gd::pictures::Chart training{"Training, seed 1", "epoch", "loss"};
  for (const char* initialization : initializations) {
    std::vector<double> accuracies, losses;
    gd::pictures::Series curve{initialization};
    for (const int seed : {1, 2, 3}) {
      gd::Rng own(seed);
      Sequential model = deep_network(initialization, own);
      gd::optim::SGD optimizer(model.parameters(), {.lr = 0.003, .momentum = 0.9});
      const auto history =
          gd::train::fit(model, optimizer, train,
                         {.epochs = 10, .batch_size = 32, .stop_where_diverged = false}, own);
      losses.push_back(history.back().train_loss);
      accuracies.push_back(std::isnan(losses.back()) ? NAN : 100 * gd::accuracy(model, test));
      if (seed == 1)
        for (const auto& epoch : history) curve.add(curve.x.size() + 1, epoch.train_loss);
    }
    training.series.push_back(curve);
    fmt::print("{:<18} {:>18} {:>16}\n", initialization, summary(accuracies), summary(losses));
  }
  gd::pictures::save("initialization.svg", std::vector{signals, training});
}
