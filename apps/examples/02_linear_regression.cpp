// Linear regression: by formula and by gradient descent, and the largest learning rate.
#include <gradus.hpp>

namespace gd = gradus;

struct Line {
  double slope, intercept, loss;
};

// The line after `steps` steps of gradient descent from y = 0.
Line descend(const gd::Tensor& x, const gd::Tensor& y, double lr, int steps) {
  gd::Tensor w = gd::Tensor::scalar(0, gd::DType::f64).set_requires_grad();
  gd::Tensor b = gd::Tensor::scalar(0, gd::DType::f64).set_requires_grad();
  gd::optim::SGD optimizer({{"w", w}, {"b", b}}, {.lr = lr});
  const auto loss = [&] { return gd::mean(gd::square(w * x + b - y)); };
  for (int step = 0; step < steps; ++step) {
    optimizer.zero_grad();
    loss().backward();
    optimizer.step();
  }
  return {w.item(), b.item(), loss().item()};
}

int main() {
  // 100 points around the line y = 2x + 1.
  gd::Rng rng(1);
  const gd::Tensor x = 3.0 * gd::rand({100}, rng, gd::DType::f64);
  const gd::Tensor noise = 0.3 * gd::randn({100}, rng, gd::DType::f64);
  const gd::Tensor y = 2.0 * x + 1.0 + noise;

  // The formula for the point where the gradient is 0.
  const gd::Tensor dx = x - gd::mean(x), dy = y - gd::mean(y);
  const double slope = gd::sum(dx * dy).item() / gd::sum(dx * dx).item();
  const double intercept = gd::mean(y).item() - slope * gd::mean(x).item();
  fmt::print("by formula:                  y = {:.3f}x + {:.3f}\n", slope, intercept);

  // Deep networks have no such formula, but they have gradients.
  for (const int steps : {1, 10, 100}) {
    const Line line = descend(x, y, 0.1, steps);
    fmt::print("after {:3} steps, loss {:.3f}: y = {:.3f}x + {:.3f}\n", steps, line.loss,
               line.slope, line.intercept);
  }

  // The loss is a bowl with the second derivatives (a c; c d). The larger eigenvalue is the
  // steepest curvature. With a rate above 2/steepest each step ends higher, on the other side.
  const double a = 2 * gd::mean(x * x).item(), c = 2 * gd::mean(x).item(), d = 2;
  const double steepest = (a + d) / 2 + std::hypot((a - d) / 2, c);
  const double limit = 2 / steepest;
  fmt::print("rates up to {:.3f} lead down\n", limit);
  for (const double part : {0.5, 0.98, 1.02})
    fmt::print("{:.2f} of it: loss {:.2g} after 1000 steps\n", part,
               descend(x, y, part * limit, 1000).loss);
}
