// Backpropagation by hand through a hidden layer, compared to autograd, and a training with it.
#include <gradus.hpp>

namespace gd = gradus;
using gd::matmul, gd::Tensor;

// The parameters of a network with one hidden layer, or the gradients of a loss by them.
struct Network {
  Tensor w1, b1, w2, b2;  // (hidden, inputs), (hidden), (classes, hidden), (classes)
  gd::Tensors all() const { return {w1, b1, w2, b2}; }
};

// What backpropagation needs of the way forward: (n, hidden), (n, hidden), (n, classes).
struct Pass {
  Tensor z1, h, logits;
};

Pass forward(const Network& net, const Tensor& x) {
  const Tensor z1 = matmul(x, net.w1.t()) + net.b1;
  const Tensor h = gd::relu(z1);
  return {z1, h, matmul(h, net.w2.t()) + net.b2};
}

// The gradients of the mean cross-entropy of a batch, from the last layer to the first.
Network backward(const Network& net, const Tensor& x, const Pass& pass, const Tensor& labels) {
  const Tensor target = gd::one_hot(labels, pass.logits.size(1));
  const Tensor delta2 = (pass.logits.softmax(1) - target) / static_cast<double>(x.size(0));
  const Tensor delta1 = matmul(delta2, net.w2) * (pass.z1 > 0).to(gd::DType::f32);
  return {matmul(delta1.t(), x), delta1.sum(0), matmul(delta2.t(), pass.h), delta2.sum(0)};
}

// The class of each place of the square [-2, 2]², by rows from the upper left, in three colours.
Tensor regions(const Network& net, int64_t size) {
  const Tensor axis = gd::linspace(-2, 2, size);
  const Tensor places =
      gd::stack({axis.expand({size, size}), (-axis).unsqueeze(1).expand({size, size})}, 2);
  const Tensor p = forward(net, places.reshape({size * size, 2})).logits.softmax(1);
  return p.t().reshape({3, size, size});
}

// The largest difference of the gradients.
double difference_from_autograd(const Network& net, const Tensor& x, const Tensor& labels) {
  const Network copy{net.w1.clone(), net.b1.clone(), net.w2.clone(), net.b2.clone()};
  for (Tensor parameter : copy.all()) parameter.set_requires_grad();
  gd::cross_entropy(forward(copy, x).logits, labels).backward();
  const gd::Tensors by_hand = backward(net, x, forward(net, x), labels).all();
  double largest = 0;
  for (std::size_t i = 0; i < by_hand.size(); ++i)
    largest = std::max(largest, (by_hand[i] - copy.all()[i].grad()).abs().amax().item());
  return largest;
}

int main() {
  Tensor losses = Tensor::zeros({5, 5}), accuracies = Tensor::zeros({5, 5});  // (steps, seeds)
  for (const int seed : {0, 1, 2, 3, 4}) {
    gd::Rng rng(seed + 1);
    const auto [train, test] = gd::data::spirals({}, rng);
    const auto [x, labels] = train.batch(0, train.size());
    const auto [test_x, test_labels] = test.batch(0, test.size());
    Network net{gd::randn({64, 2}, rng), Tensor::zeros({64}), 0.1 * gd::randn({3, 64}, rng),
                Tensor::zeros({3})};
    if (seed == 0)
      fmt::print("difference from autograd: {:.1e}\n", difference_from_autograd(net, x, labels));
    for (int step = 0; step <= 1000; ++step) {
      const Pass pass = forward(net, x);
      if (step % 250 == 0) {
        losses.assign({step / 250, seed}, gd::cross_entropy(pass.logits, labels).item());
        accuracies.assign({step / 250, seed},
                          100 * gd::accuracy(forward(net, test_x).logits, test_labels));
      }
      const gd::Tensors slopes = backward(net, x, pass, labels).all();
      for (std::size_t i = 0; i < slopes.size(); ++i) net.all()[i] -= 0.5 * slopes[i];
    }
    if (seed == 0) gd::data::write_png("backpropagation.png", regions(net, 300));
  }
  for (int i = 0; i < 5; ++i)
    fmt::print("step {:4}: loss {:.3f} ± {:.3f}, test accuracy {:.1f} ± {:.1f} %\n", 250 * i,
               losses[i].mean().item(), gd::std(losses[i]).item(), accuracies[i].mean().item(),
               gd::std(accuracies[i]).item());
}
