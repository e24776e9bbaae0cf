// Softmax regression on digits: cross-entropy, batches; training, validation and test data.
#include <apps/pictures/plot.hpp>
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

// Trains for ten epochs.
Model learn(const gd::data::Dataset& train, double lr, gd::Rng& rng) {
  Model model;
  gd::optim::SGD optimizer({{"w", model.w}, {"b", model.b}}, {.lr = lr});
  gd::data::Loader batches(train, {.batch_size = 32}, rng);
  for (int epoch = 1; epoch <= 10; ++epoch)
    for (auto [some_images, some_labels] : batches) {
      const gd::Tensor batch_loss = gd::cross_entropy(model(some_images), some_labels);
      optimizer.zero_grad();
      batch_loss.backward();
      optimizer.step();
    }
  return model;
}

int main() {
  // The loss and its gradient by hand, for the first eight digits.
  const auto [rest, test] = gd::data::digits();
  const auto [images, labels] = rest.batch(0, 8);
  const gd::Tensor logits = Model()(images);
  const gd::Tensor p = gd::softmax(logits, 1);
  const gd::Tensor target = gd::one_hot(labels, 10);
  const gd::Tensor by_hand = gd::mean(-gd::sum(target * gd::log(p), {1}));
  const gd::Tensor loss = gd::cross_entropy(logits, labels);
  fmt::print("before training: loss {:.4f}, by hand {:.4f}, ln 10 = {:.4f}\n", loss.item(),
             by_hand.item(), std::log(10));
  const gd::Tensor difference = gd::grad({loss}, {logits})[0] - (p - target) / 8.0;
  fmt::print("its gradient by the logits is (p - target)/N: {}\n",
             gd::amax(gd::abs(difference)).item() < 1e-6);

  // The rate is chosen by the validation digits, a fifth, over five divisions.
  double best_accuracy = 0, best_lr = 0;
  fmt::print("rate    accuracy, %  training   validation\n");
  for (const double lr : {0.0001, 0.001, 0.01, 0.1}) {
    std::vector<double> trained, validated;
    for (const int seed : {1, 2, 3, 4, 5}) {
      gd::Rng rng(seed);
      const auto [train, validation] = gd::data::stratified_split(rest, 0.2, rng);
      const Model model = learn(train, lr, rng);
      trained.push_back(100 * gd::accuracy(model, train));
      validated.push_back(100 * gd::accuracy(model, validation));
    }
    const gd::Estimate accuracy = gd::estimate(validated);
    fmt::print("{:<6}  {:>21}  {:>11}\n", lr, gd::to_string(gd::estimate(trained), 1),
               gd::to_string(accuracy, 1));
    if (accuracy.mean > best_accuracy) best_accuracy = accuracy.mean, best_lr = lr;
  }

  // With this rate a last model learns from both parts. The test digits are for it only.
  gd::Rng rng(1);
  const Model model = learn(rest, best_lr, rng);
  fmt::print("rate {} is best: test accuracy {:.1f} %\n", best_lr, 100 * gd::accuracy(model, test));
  const auto [test_images, test_labels] = test.batch(0, test.size());
  const gd::Tensor answers = gd::argmax(model(test_images), 1);
  const gd::Tensor counts = gd::data::confusion_matrix(test_labels, answers, 10);
  gd::pictures::ConfusionMatrix matrix{"Test digits", {}, counts.to_vector<int64_t>()};
  gd::pictures::Sheet weights{.title = "The weights of the ten neurons", .columns = 5};
  for (int digit = 0; digit < 10; ++digit) {
    matrix.names.push_back(std::to_string(digit));
    weights.add_values(model.w(gd::Slice{}, digit).reshape({28, 28}), 0.1, matrix.names.back());
  }
  gd::pictures::save("confusion.svg", matrix);
  gd::pictures::save("weights.svg", weights);
}
