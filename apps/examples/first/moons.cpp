// Two moons: a network tells them apart, and a picture shows what it says about every place.
#include <gradus.hpp>

namespace gd = gradus;
using gd::layers::Dense, gd::layers::Tanh;

int main() {
  gd::Rng rng(1);
  const auto [train, test] = gd::data::moons({.noise = 0.15}, rng);
  gd::layers::Sequential model{Dense(2, 32, rng), Tanh(), Dense(32, 32, rng), Tanh(),
                               Dense(32, 2, rng)};
  gd::optim::Adam optimizer(model.parameters(), {.lr = 0.01});
  const auto [points, labels] = train.batch(0, train.size());
  for (int step = 0; step < 300; ++step) {
    optimizer.zero_grad();
    gd::cross_entropy(model(points), labels).backward();
    optimizer.step();
  }
  fmt::print("test accuracy {:.3f}\n", gd::accuracy(model, test));

  // The probability of the second moon at n·n places, by rows from the upper left corner (-3, 3).
  const int64_t n = 300;
  const gd::Tensor axis = gd::linspace(-3, 3, n);
  const gd::Tensor places =
      gd::stack({axis.expand({n, n}), (-axis).unsqueeze(1).expand({n, n})}, 2).reshape({n * n, 2});
  const gd::Tensor p = gd::softmax(model(places), 1)(gd::Slice{}, 1).reshape({n, n}).detach();

  // A picture is a tensor, too: red, green and blue of each pixel, from 0 to 1.
  gd::Tensor picture = gd::stack({p, gd::full_like(p, 0.5), 1 - p}) * 0.7 + 0.3;
  const gd::Tensor columns = ((points + 3) * (n / 6.0)).clamp(1, n - 2).to(gd::DType::i64);
  for (int64_t i = 0; i < points.size(0); ++i) {
    const auto column = static_cast<int64_t>(columns(i, 0).item());
    const auto row = n - 1 - static_cast<int64_t>(columns(i, 1).item());
    picture.assign({gd::Slice{}, gd::Slice{row - 1, row + 2}, gd::Slice{column - 1, column + 2}},
                   labels[i].item());
  }
  gd::data::write_png("moons.png", picture);
}
