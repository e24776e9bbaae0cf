// A multilayer perceptron for digits: the whole training loop, written out.
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

int main() {
  // All random numbers come from this generator: the same seed gives the same bits.
  gd::Rng rng(42);
  const auto [train, test] = load_digits();

  // 28·28 pixels in, a score for each of the 10 digits out.
  gd::layers::Sequential model{gd::layers::Flatten(), gd::layers::Dense(28 * 28, 128, rng),
                               gd::layers::ReLU(), gd::layers::Dense(128, 10, rng)};
  gd::optim::SGD optimizer(model.parameters(), {.lr = 0.02, .momentum = 0.9});
  gd::data::Loader batches(train, {.batch_size = 64}, rng);

  for (int epoch = 1; epoch <= 5; ++epoch) {
    double loss_sum = 0;
    for (auto [images, labels] : batches) {
      gd::Tensor loss = gd::cross_entropy(model(images), labels);  // how wrong the model is
      optimizer.zero_grad();
      loss.backward();   // the direction in which each weight increases the loss
      optimizer.step();  // a step in the opposite direction
      loss_sum += loss.item();
    }
    fmt::print("epoch {}: training loss {:.4f}, test accuracy {:.2f} %\n", epoch,
               loss_sum / static_cast<double>(batches.size()), 100 * gd::accuracy(model, test));
  }
}
