// Softmax regression on digits: cross-entropy, batches, training and test data.
#include <gradus.hpp>

namespace gd = gradus;

int main() {
  gd::Rng rng(1);
  const auto [train, test] = gd::data::digits();
  fmt::print("{} digits to learn from, {} to test\n", train.size(), test.size());

  // Each of the 10 neurons has a weight for each of the 28·28 pixels. All weights start at 0.
  gd::Tensor w = gd::Tensor::zeros({28 * 28, 10}).set_requires_grad();
  gd::Tensor b = gd::Tensor::zeros({10}).set_requires_grad();
  const auto model = [&](const gd::Tensor& images) {
    return gd::matmul(gd::flatten(images, 1), w) + b;
  };

  // The loss and its gradient by hand, for the first eight digits.
  const auto [images, labels] = train.batch(0, 8);
  const gd::Tensor logits = model(images);
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

  gd::optim::SGD optimizer({{"w", w}, {"b", b}}, {.lr = 0.01});
  gd::data::Loader batches(train, {.batch_size = 32}, rng);
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
      fmt::print("epoch {:2}: loss {:.3f}\n", epoch,
                 loss_sum / static_cast<double>(batches.size()));
  }
  fmt::print("train accuracy {:.1f} %, test accuracy {:.1f} %\n", 100 * gd::accuracy(model, train),
             100 * gd::accuracy(model, test));
}
