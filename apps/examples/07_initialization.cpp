// Signals and gradients in a deep network: their size for three sizes of initial weights.
#include <gradus.hpp>

namespace gd = gradus;
using gd::layers::Dense, gd::layers::Flatten, gd::layers::ReLU, gd::layers::Sequential;

constexpr int depth = 20;
constexpr int64_t width = 100;

Sequential deep_network(const char* initialization, gd::Rng& rng) {
  Sequential model{Flatten(), Dense(28 * 28, width, rng), ReLU()};
  for (int layer = 1; layer < depth; ++layer) {
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

int main() {
  const auto [train, test] = gd::data::digits();
  const auto [images, labels] = train.batch(0, 256);

  // He's standard deviation: √(2/n) for a layer with n inputs.
  gd::Rng rng(1);
  gd::Tensor weight = gd::Tensor::empty({width, width});
  gd::layers::init::he_normal(weight, rng);
  fmt::print("he-normal draws weights of size {:.3f}; sqrt(2/n) = {:.3f}\n",
             root_mean_square(weight), std::sqrt(2.0 / width));

  fmt::print("{:<18} {:>9} {:>9} {:>9} {:>9} {:>7} {:>9}\n", "initialization", "layer 1",
             "layer 10", "layer 20", "gradient", "test, %", "last loss");
  for (const char* initialization : {"normal:std=0.05", "he-normal", "normal:std=0.3"}) {
    Sequential model = deep_network(initialization, rng);
    std::vector<double> sizes;
    gd::Tensor x = images;
    for (std::size_t i = 0; i < model.size(); ++i) {
      x = model[i](x);
      if (i % 2 == 0 && i > 0) sizes.push_back(root_mean_square(x));  // after each ReLU
    }
    gd::cross_entropy(x, labels).backward();
    const double gradient = root_mean_square(model.parameters()[0].second.grad());

    gd::optim::SGD optimizer(model.parameters(), {.lr = 0.003, .momentum = 0.9});
    const auto history =
        gd::train::fit(model, optimizer, train,
                       {.epochs = 15, .batch_size = 32, .stop_where_diverged = false}, rng);
    fmt::print("{:<18} {:9.1e} {:9.1e} {:9.1e} {:9.1e} {:7.1f} {:>9.2f}\n", initialization,
               sizes[0], sizes[9], sizes[19], gradient, 100 * gd::accuracy(model, test),
               std::abs(history.back().train_loss));  // without the sign of a NaN
  }
}
