// Backpropagation by hand through a hidden layer: its gradients beside those of autograd, a
// training with them, and a picture of what the network says about every place.
#include <gradus.hpp>

namespace gd = gradus;
using gd::matmul, gd::Tensor;

// The parameters of a network with one hidden layer, or the gradients of a loss by them.
struct Network {
  Tensor w1, b1, w2, b2;  // (hidden, inputs), (hidden), (classes, hidden), (classes)
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

void descend(Network& net, const Network& slope, double rate) {
  net.w1 -= rate * slope.w1;
  net.b1 -= rate * slope.b1;
  net.w2 -= rate * slope.w2;
  net.b2 -= rate * slope.b2;
}

// The class of each place of the square [-2, 2]², by rows from the upper left, in three colours.
Tensor regions(const Network& net, int64_t size) {
  const Tensor axis = gd::linspace(-2, 2, size);
  const Tensor places =
      gd::stack({axis.expand({size, size}), (-axis).unsqueeze(1).expand({size, size})}, 2);
  const Tensor p = forward(net, places.reshape({size * size, 2})).logits.softmax(1);
  return p.t().reshape({3, size, size});
}

int main() {
  gd::Rng rng(1);
  const auto [train, test] = gd::data::spirals({}, rng);
  const auto [x, labels] = train.batch(0, train.size());
  const auto [test_x, test_labels] = test.batch(0, test.size());
  Network net{gd::randn({64, 2}, rng), Tensor::zeros({64}), 0.1 * gd::randn({3, 64}, rng),
              Tensor::zeros({3})};

  Network copy{net.w1.clone(), net.b1.clone(), net.w2.clone(), net.b2.clone()};
  for (Tensor* parameter : {&copy.w1, &copy.b1, &copy.w2, &copy.b2}) parameter->set_requires_grad();
  gd::cross_entropy(forward(copy, x).logits, labels).backward();
  const Network slope = backward(net, x, forward(net, x), labels);
  fmt::print("largest difference from autograd: w1 {:.1e}, b1 {:.1e}, w2 {:.1e}, b2 {:.1e}\n",
             (slope.w1 - copy.w1.grad()).abs().amax().item(),
             (slope.b1 - copy.b1.grad()).abs().amax().item(),
             (slope.w2 - copy.w2.grad()).abs().amax().item(),
             (slope.b2 - copy.b2.grad()).abs().amax().item());

  for (int step = 0; step <= 1000; ++step) {
    const Pass pass = forward(net, x);
    if (step % 250 == 0)
      fmt::print("step {:4}: loss {:.4f}, test accuracy {:.1f} %\n", step,
                 gd::cross_entropy(pass.logits, labels).item(),
                 100 * gd::accuracy(forward(net, test_x).logits, test_labels));
    descend(net, backward(net, x, pass, labels), 0.5);
  }
  gd::data::write_png("backpropagation.png", regions(net, 300));
}
