// A neuron that learns OR: its gradient by hand, by differences and by autograd.
#include <apps/pictures/plot.hpp>
#include <gradus.hpp>

namespace gd = gradus;

double sigmoid(double z) {
  return 1 / (1 + std::exp(-z));
}

// The cross-entropy of the neuron (w1, w2, b) for the input (x1, x2) and the target t.
double loss_of(double w1, double w2, double b, double x1, double x2, double t) {
  const double y = sigmoid(w1 * x1 + w2 * x2 + b);
  return -(t * std::log(y) + (1 - t) * std::log(1 - y));
}

int main() {
  // One input, (1, ½), with the target 1, and an untrained neuron.
  const double x1 = 1, x2 = 0.5, t = 1, w1 = 0.5, w2 = -0.3, b = 0.1;

  const double y = sigmoid(w1 * x1 + w2 * x2 + b);
  const double by_z = y - t;  // the slope of the sigmoid, y(1 − y), cancels
  fmt::print("by hand:        dL/dw = ({:.4f}, {:.4f}), dL/db = {:.4f}\n", by_z * x1, by_z * x2,
             by_z);

  const double h = 1e-5;  // a small change of one number at a time
  const auto slope = [&](double d1, double d2, double db) {
    return (loss_of(w1 + d1, w2 + d2, b + db, x1, x2, t) -
            loss_of(w1 - d1, w2 - d2, b - db, x1, x2, t)) /
           (2 * h);
  };
  fmt::print("by differences: dL/dw = ({:.4f}, {:.4f}), dL/db = {:.4f}\n", slope(h, 0, 0),
             slope(0, h, 0), slope(0, 0, h));

  // The same with tensors, which record how they are computed.
  gd::Tensor w = gd::Tensor::from({w1, w2}).set_requires_grad();
  gd::Tensor bias = gd::Tensor::from({b}).set_requires_grad();
  const gd::Tensor z = gd::matmul(gd::Tensor::from({x1, x2}), w) + bias;
  gd::binary_cross_entropy_with_logits(z, gd::Tensor::from({t})).backward();
  const auto by_w = w.grad().to_vector<double>();
  fmt::print("by autograd:    dL/dw = ({:.4f}, {:.4f}), dL/db = {:.4f}\n", by_w[0], by_w[1],
             bias.grad().item());

  // All four inputs at once: 2000 steps against the gradient.
  const gd::Tensor inputs = gd::Tensor::from<double>({0, 0, 0, 1, 1, 0, 1, 1}, {4, 2});
  const gd::Tensor targets = gd::Tensor::from({0.0, 1.0, 1.0, 1.0});
  const auto output = [&] { return gd::matmul(inputs, w) + bias; };
  gd::pictures::Series losses{.name = "loss"};
  for (int step = 0; step <= 2000; ++step) {
    const gd::Tensor loss = gd::binary_cross_entropy_with_logits(output(), targets);
    if (step % 500 == 0) fmt::print("step {:4}: loss {:.3f}\n", step, loss.item());
    if (step % 20 == 0) losses.add(step, loss.item());
    w.zero_grad();
    bias.zero_grad();
    loss.backward();
    const gd::NoGrad no_grad;  // the step itself is not differentiated
    w.copy_from(w - 1.0 * w.grad());
    bias.copy_from(bias - 1.0 * bias.grad());
  }
  fmt::print(
      "0 or 0, 0 or 1, 1 or 0, 1 or 1: {:.2f}\n",
      fmt::join(gd::no_grad([&] { return gd::sigmoid(output()); }).to_vector<double>(), ", "));

  // A picture of the loss, and of y at every place (x1, x2).
  gd::pictures::Chart training{"Learning OR", "step", "loss", {losses}, gd::pictures::log_y};
  const gd::Tensor column = gd::linspace(-0.5, 1.5, 100), row = gd::linspace(1.5, -0.5, 100);
  const auto [v1, v2] = std::pair(w[0].item(), w[1].item());
  const gd::Tensor sums = v1 * column + v2 * row.unsqueeze(1) + bias.item();
  gd::pictures::Chart answers{"The answer y for every input", "x₁", "x₂"};
  answers.heat_map(gd::sigmoid(sums), {-0.5, 1.5}, {-0.5, 1.5}, 10);
  answers.dots("target 0", {0}, {0}).dots("target 1", {0, 1, 1}, {1, 0, 1});
  gd::pictures::save("neuron.svg", std::vector{training, answers});
}
