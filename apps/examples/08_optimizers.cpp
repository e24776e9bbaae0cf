// Gradient descent, momentum and Adam: by hand and by the library, in a ravine and on digits.
#include <gradus.hpp>

namespace gd = gradus;

// f(θ) = ½(θ₁² + 100·θ₂²), a ravine: nearly flat along θ₁, steep along θ₂.
gd::Tensor ravine(const gd::Tensor& theta) {
  return 0.5 * gd::sum(gd::Tensor::from({1.0, 100.0}) * gd::square(theta));
}

// Rotates the ravine to 45° from the axes. Applied twice it gives θ again.
gd::Tensor rotated(const gd::Tensor& theta) {
  return gd::matmul(gd::Tensor::from<double>({1, 1, 1, -1}, {2, 2}), theta) / std::sqrt(2);
}

// f after 100 steps θ ← θ − rule(g, t).
template <class Rule>
double walk(const Rule& rule) {
  gd::Tensor theta = gd::Tensor::from({1.0, 1.0}).set_requires_grad();
  for (int t = 1; t <= 100; ++t) {
    const gd::Tensor g = gd::grad({ravine(theta)}, {theta})[0];
    gd::no_grad([&] { theta.copy_from(theta - rule(g, t)); });
  }
  return ravine(theta).item();
}

// The same by the library, in the ravine as it is or rotated.
double walk(const char* optimizer_name, double lr, bool rotate) {
  gd::Tensor start = gd::Tensor::from({1.0, 1.0});
  gd::Tensor theta = (rotate ? rotated(start) : start).set_requires_grad();
  const auto f = [&] { return ravine(rotate ? rotated(theta) : theta); };
  const auto optimizer = gd::optim::optimizers().find(optimizer_name)({{"theta", theta}}, lr);
  for (int t = 1; t <= 100; ++t) {
    optimizer->zero_grad();
    f().backward();
    optimizer->step();
  }
  return f().item();
}

// The validation loss after three epochs.
double learn_digits(const char* optimizer_name, double lr) {
  gd::Rng rng(1);
  gd::layers::Sequential model{gd::layers::Flatten(), gd::layers::Dense(28 * 28, 64, rng),
                               gd::layers::ReLU(), gd::layers::Dense(64, 10, rng)};
  const auto optimizer = gd::optim::optimizers().find(optimizer_name)(model.parameters(), lr);
  return gd::train::fit(model, *optimizer, gd::data::digits().train,
                        {.epochs = 3, .batch_size = 32, .validation = 0.2}, rng)
      .back()
      .val_loss;
}

int main() {
  gd::Tensor v = gd::Tensor::zeros({2}, gd::DType::f64), m = v, s = v;
  const double descent = walk([&](const gd::Tensor& g, int) { return 0.015 * g; });
  const double momentum = walk([&](const gd::Tensor& g, int) {
    v = 0.9 * v + g;
    return 0.015 * v;
  });
  const double adam = walk([&](const gd::Tensor& g, int t) {
    m = 0.9 * m + 0.1 * g;
    s = 0.999 * s + 0.001 * gd::square(g);
    const gd::Tensor mean = m / (1 - std::pow(0.9, t));
    const gd::Tensor mean_square = s / (1 - std::pow(0.999, t));
    return 0.1 * mean / (gd::sqrt(mean_square) + 1e-8);
  });
  fmt::print("f from 50.5 in 100 steps      by hand  library  rotated ravine\n");
  const auto print = [](const char* name, double by_hand, const char* optimizer, double lr) {
    fmt::print("{:<28}  {:.1e}  {:.1e}  {:14.1e}\n", name, by_hand, walk(optimizer, lr, false),
               walk(optimizer, lr, true));
  };
  print("gradient descent, rate 0.015", descent, "sgd", 0.015);
  print("momentum 0.9, rate 0.015", momentum, "momentum", 0.015);
  print("Adam, rate 0.1", adam, "adam", 0.1);
  fmt::print("validation loss  rate 0.0001  rate 0.001  rate 0.01\n");
  for (const char* name : {"sgd", "momentum", "adam"})
    fmt::print("{:<15}  {:11.2f}  {:10.2f}  {:9.2f}\n", name, learn_digits(name, 0.0001),
               learn_digits(name, 0.001), learn_digits(name, 0.01));
}
