// A convolutional network for digits: training, saving and loading.
#include <gradus.hpp>

namespace gd = gradus;

// MNIST from ./data/mnist, or else the small built-in set of digits.
gd::data::Split load_digits() {
  try {
    return gd::data::mnist();
  } catch (const std::runtime_error& error) {
    fmt::print("{}\nTraining on the small built-in set instead.\n", error.what());
    return gd::data::digits();
  }
}

gd::layers::Sequential make_model(gd::Rng& rng) {
  return gd::layers::Sequential{
      gd::layers::Conv2d({.in_channels = 1, .out_channels = 32, .kernel = 3}, rng),
      gd::layers::BatchNorm2d(32),
      gd::layers::ReLU(),
      gd::layers::MaxPool2d(2),
      gd::layers::Flatten(),
      gd::layers::Dense(32 * 13 * 13, 10, rng)};
}

int main() {
  gd::Rng rng(42);
  const auto [train, test] = load_digits();
  gd::layers::Sequential model = make_model(rng);
  gd::optim::Adam optimizer(model.parameters(), {.lr = 1e-3});

  // The loop that mnist_mlp.cpp writes out. A tenth of the training set selects the best epoch.
  gd::train::fit(model, optimizer, train, {.epochs = 3, .batch_size = 128, .validation = 0.1}, rng);
  fmt::print("test accuracy {:.4f}\n", gd::train::evaluate(model, test).accuracy);

  // PyTorch reads the file too: safetensors.torch.load_file("mnist_cnn.safetensors").
  gd::write_safetensors("mnist_cnn.safetensors", model.state_dict());
  gd::layers::Sequential loaded = make_model(rng);
  loaded.load_state_dict(gd::read_safetensors("mnist_cnn.safetensors").tensors);
  fmt::print("saved and loaded: test accuracy {:.4f}\n", gd::accuracy(loaded, test));
}
