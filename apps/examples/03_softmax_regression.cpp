// Softmax regression on digits: cross-entropy, batches; training, validation and test data.
#include <gradus.hpp>

namespace gd = gradus;

// Each of the 10 neurons has a weight for each of the 28·28 pixels. All weights start at 0.
struct Model {
  gd::Tensor w = gd::Tensor::zeros({28 * 28, 10}).set_requires_grad();
  gd::Tensor b = gd::Tensor::zeros({10}).set_requires_grad();

  gd::Tensor operator()(const gd::Tensor& images) const {
    return gd::matmul(gd::flatten(images, 1), w) + b;
  }
};

// Trains for ten epochs and prints the loss of three of them.
Model learn(const gd::data::Dataset& train, double lr, gd::Rng& rng) {
  Model model;
  gd::optim::SGD optimizer({{"w", model.w}, {"b", model.b}}, {.lr = lr});
  gd::data::Loader batches(train, {.batch_size = 32}, rng);
  fmt::print("rate {:<6}  loss", lr);
  for (int epoch = 1; epoch <= 10; ++epoch) {
    double loss_sum = 0;
    for (auto [some_images, some_labels] : batches) {
      const gd::Tensor batch_loss = gd::cross_entropy(model(some_images), some_labels);
      optimizer.zero_grad();
      batch_loss.backward();
      optimizer.step();
      loss_sum += batch_loss.item();
    }
    if (epoch == 1 || epoch % 5 == 0)
      fmt::print("  {:.3f}", loss_sum / static_cast<double>(batches.size()));
  }
  return model;
}

int main() {
  gd::Rng rng(1);
  const auto [rest, test] = gd::data::digits();
  const auto [train, validation] = gd::data::stratified_split(rest, 0.2, rng);
  fmt::print("{} digits to train, {} to validate, {} to test\n", train.size(), validation.size(),
             test.size());

  // The loss and its gradient by hand, for the first eight digits.
  const auto [images, labels] = train.batch(0, 8);
  const gd::Tensor logits = Model()(images);
  const gd::Tensor p = gd::softmax(logits, 1);
  const gd::Tensor target = gd::one_hot(labels, 10);
  const gd::Tensor by_hand = gd::mean(-gd::sum(target * gd::log(p), {1}));
  const gd::Tensor loss = gd::cross_entropy(logits, labels);
  fmt::print("before training: loss {:.4f}, by hand {:.4f}, ln 10 = {:.4f}\n", loss.item(),
             by_hand.item(), std::log(10));
  const gd::Tensor by_logits = gd::grad({loss}, {logits})[0];
  const gd::Tensor difference = by_logits - (p - target) / 8.0;
  fmt::print("its gradient by the logits is (p - target)/N: {}\n",
             gd::amax(gd::abs(difference)).item() < 1e-6);

  // The rate is chosen by the validation digits; the test digits are for the last line only.
  Model best;
  double best_accuracy = 0, best_lr = 0;
  for (const double lr : {0.0001, 0.001, 0.01, 0.1}) {
    const Model model = learn(train, lr, rng);
    const double accuracy = gd::accuracy(model, validation);
    fmt::print("  accuracy, %: training {:.1f}, validation {:.1f}\n",
               100 * gd::accuracy(model, train), 100 * accuracy);
    if (accuracy > best_accuracy) best = model, best_accuracy = accuracy, best_lr = lr;
  }
  fmt::print("rate {} is best in validation: test accuracy {:.1f} %\n", best_lr,
             100 * gd::accuracy(best, test));
}
