// Gradient descent, momentum and Adam: by hand and by the library, in a ravine and on digits.
#include <apps/pictures/plot.hpp>
#include <gradus.hpp>

namespace gd = gradus;
using gd::Tensor;

// f(θ) = ½(θ₁² + 100·θ₂²), a ravine; rotated by 45°, or not. Each column of θ is a place.
Tensor ravine(const Tensor& theta, bool rotate) {
  const Tensor axes = Tensor::from<double>({1, 1, 1, -1}, {2, 2}) / std::sqrt(2);
  const Tensor curvatures = Tensor::from<double>({1, 100}, {2, 1});
  return 0.5 * gd::sum(curvatures * gd::square(rotate ? gd::matmul(axes, theta) : theta), {0});
}

// A map of the ravine, the darker the higher.
gd::pictures::Chart map(const char* title, bool rotate) {
  const Tensor column = gd::linspace(-2, 2, 100, gd::DType::f64).expand({100, 100});
  const Tensor f = ravine(gd::stack({column, -column.t()}).reshape({2, 100 * 100}), rotate);
  gd::pictures::Chart chart{.title = title, .x_label = "θ₁", .y_label = "θ₂", .plot_height = 396};
  return chart.heat_map(gd::sqrt(f).reshape({100, 100}), {-2, 2}, {-2, 2}, 12);
}

// Prints f after 100 steps θ ← θ − rule(g, m, s, t), by hand and by the library, and draws them.
template <class Rule>
void walk(std::vector<gd::pictures::Chart>& maps, const char* name, double lr, const Rule& rule) {
  fmt::print("{:<24}", name);
  for (const bool rotate : {false, true}) {  // from (1, 1), rotated (√2, 0)
    Tensor theta = Tensor::from<double>({std::sqrt(1. + rotate), 1. - rotate}, {2, 1});
    Tensor theirs = theta.clone().set_requires_grad(), m = gd::zeros_like(theta), s = m;
    const auto optimizer = gd::optim::optimizers().find(name)({{"theta", theirs}}, lr);
    maps[rotate].series.push_back({.name = name});
    for (int t = 1; t <= 100; ++t) {
      maps[rotate].series.back().add(theta[0].item(), theta[1].item());
      const Tensor g = gd::grad({ravine(theta.set_requires_grad(), rotate)}, {theta})[0];
      gd::no_grad([&] { theta.copy_from(theta - rule(g, m, s, t)); });
      optimizer->zero_grad();
      ravine(theirs, rotate).backward();
      optimizer->step();
    }
    fmt::print("  {:.1e}  {:.1e}", ravine(theta, rotate).item(), ravine(theirs, rotate).item());
  }
  fmt::print("\n");
}

// The validation loss after three epochs, from five seeds.
std::string learn_digits(const char* optimizer_name, double lr) {
  std::vector<double> losses;
  for (const int seed : {1, 2, 3, 4, 5}) {
    gd::Rng rng(seed);
    gd::layers::Sequential model{gd::layers::Flatten(), gd::layers::Dense(28 * 28, 64, rng),
                                 gd::layers::ReLU(), gd::layers::Dense(64, 10, rng)};
    const auto optimizer = gd::optim::optimizers().find(optimizer_name)(model.parameters(), lr);
    const auto epochs = gd::train::fit(model, *optimizer, gd::data::digits().train,
                                       {.epochs = 3, .batch_size = 32, .validation = 0.2}, rng);
    losses.push_back(epochs.back().val_loss);
  }
  return gd::to_string(gd::estimate(losses), 2);
}

int main() {
  std::vector maps{map("The ravine, colours for √f", false), map("Rotated by 45°", true)};
  fmt::print("f from 50.5 in 100 steps  by hand  library  rotated: by hand, library\n");
  walk(maps, "sgd", 0.015, [](const Tensor& g, Tensor&, Tensor&, int) { return 0.015 * g; });
  walk(maps, "momentum", 0.015, [](const Tensor& g, Tensor& v, Tensor&, int) {
    v = 0.9 * v + g;
    return 0.015 * v;
  });
  walk(maps, "adam", 0.1, [](const Tensor& g, Tensor& m, Tensor& s, int t) {
    m = 0.9 * m + 0.1 * g;
    s = 0.999 * s + 0.001 * gd::square(g);
    const Tensor mean = m / (1 - std::pow(0.9, t));
    const Tensor mean_square = s / (1 - std::pow(0.999, t));
    return 0.1 * mean / (gd::sqrt(mean_square) + 1e-8);
  });
  gd::pictures::save("ravine.svg", maps);
  fmt::print("validation loss   rate 0.0001   rate 0.001    rate 0.01\n");
  for (const char* name : {"sgd", "momentum", "adam"})
    fmt::print("{:<15}  {:>12}  {:>11}  {:>11}\n", name, learn_digits(name, 0.0001),
               learn_digits(name, 0.001), learn_digits(name, 0.01));
}
