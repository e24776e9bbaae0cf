// outside: a program of another project that uses the installed library.
#include <gradus.hpp>

namespace gd = gradus;

int main() {
  gd::Rng rng(1);
  auto [train, test] = gd::data::digits();
  gd::layers::Sequential model{gd::layers::Flatten(), gd::layers::Dense(28 * 28, 10, rng)};
  gd::optim::Adam optimizer(model.parameters(), {.lr = 1e-3});
  for (auto [images, labels] : gd::data::Loader(train, {.batch_size = 32}, rng)) {
    gd::Tensor loss = gd::cross_entropy(model(images), labels);
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
  }
  const double accuracy = gd::accuracy(model, test);
  fmt::print("test accuracy {:.3f}\n", accuracy);
  return accuracy > 0.8 ? 0 : 1;
}
