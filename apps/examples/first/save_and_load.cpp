// Saves the weights of a model, loads them into another one, and shows what a wrong file is called.
#include <gradus.hpp>
namespace gd = gradus;

gd::layers::Sequential classifier(int64_t width, gd::Rng& rng) {
  return gd::layers::Sequential{gd::layers::Dense(4, width, rng), gd::layers::ReLU(),
                                gd::layers::Dense(width, 3, rng)};
}

int main() {
  gd::Rng rng(1);
  auto trained = classifier(16, rng), other = classifier(16, rng), wider = classifier(32, rng);
  const gd::Tensor x = gd::randn({2, 4}, rng);
  fmt::print("{}\n", trained);

  trained.save("classifier.safetensors");  // PyTorch reads the file, too
  fmt::print("equal before loading: {}\n", gd::equal(trained(x), other(x)));
  other.load("classifier.safetensors");
  fmt::print("equal after loading: {}\n", gd::equal(trained(x), other(x)));
  try {
    wider.load("classifier.safetensors");
  } catch (const std::exception& error) {
    fmt::print("{}\n", error.what());
  }
}
