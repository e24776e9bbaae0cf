// Linear regression: by formula and by gradient descent, and the largest learning rate.
#include <apps/pictures/plot.hpp>
#include <gradus.hpp>

namespace gd = gradus;
using gd::Tensor;
constexpr auto f64 = gd::DType::f64;

// Gradient descent: the lines on the way from y = b.
struct Way {
  std::vector<double> slopes = {}, intercepts = {}, losses = {};
};
Way descend(const Tensor& x, const Tensor& y, double lr, int steps, double start = 0) {
  Way way;
  Tensor w = Tensor::scalar(0, f64).set_requires_grad();
  Tensor b = Tensor::scalar(start, f64).set_requires_grad();
  gd::optim::SGD optimizer({{"w", w}, {"b", b}}, {.lr = lr});
  for (int step = 0; step <= steps; ++step) {
    const Tensor loss = gd::mean(gd::square(w * x + b - y));
    way.slopes.push_back(w.item());
    way.intercepts.push_back(b.item());
    way.losses.push_back(loss.item());
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
  }
  return way;
}

// 100 points around the line y = 2x + 1.
std::pair<Tensor, Tensor> points(uint64_t seed) {
  gd::Rng rng(seed);
  const Tensor x = 3.0 * gd::rand({100}, rng, f64), noise = 0.3 * gd::randn({100}, rng, f64);
  return {x, 2.0 * x + 1.0 + noise};
}

// The loss is a bowl with the second derivatives (a c; c d). The larger eigenvalue is the steepest
// curvature. With a rate above 2/steepest each step ends higher, on the other side.
double largest_rate(const Tensor& x) {
  const double a = 2 * gd::mean(x * x).item(), c = 2 * gd::mean(x).item(), d = 2;
  return 2 / ((a + d) / 2 + std::hypot((a - d) / 2, c));
}

int main() {
  const auto [x, y] = points(1);
  // The formula for the point where the gradient is 0.
  const Tensor dx = x - gd::mean(x), dy = y - gd::mean(y);
  const double slope = gd::sum(dx * dy).item() / gd::sum(dx * dx).item();
  const double intercept = gd::mean(y).item() - slope * gd::mean(x).item();
  fmt::print("by formula:                  y = {:.3f}x + {:.3f}\n", slope, intercept);

  // Deep networks have no such formula, but they have gradients.
  const Way way = descend(x, y, 0.1, 100);
  for (const std::size_t step : {1, 10, 100})
    fmt::print("after {:3} steps, loss {:.3f}: y = {:.3f}x + {:.3f}\n", step, way.losses[step],
               way.slopes[step], way.intercepts[step]);
  fmt::print("rates up to {:.3f} lead down\n", largest_rate(x));
  for (const double part : {0.5, 0.98, 1.02}) {
    std::vector<double> losses;
    for (const uint64_t seed : {1, 2, 3, 4, 5}) {
      const auto [xs, ys] = points(seed);
      losses.push_back(descend(xs, ys, part * largest_rate(xs), 1000).losses.back());
    }
    const Tensor all = Tensor::from(losses, {5});
    fmt::print("{:.2f} of it: loss {:.2g} ± {:.1g} after 1000 steps\n", part, gd::mean(all).item(),
               gd::std(all).item());
  }
  // A picture of the bowl from above, with the first steps at three rates.
  gd::pictures::Chart bowl{"L(w, b) from above, as ln L", "w", "b"};
  const Tensor w = gd::linspace(-1, 4, 100, f64).unsqueeze(1), b = (3 - w).unsqueeze(1);
  bowl.heat_map((w * x + b - y).square().mean(2).log(), {-1, 4}, {-1, 4}, 12);
  gd::pictures::Chart losses{"The loss on the way", "step", "loss", {}, gd::pictures::log_y};
  for (const double part : {0.3, 0.9, 1.05}) {
    const Way steps = descend(x, y, part * largest_rate(x), 12, 3);
    const std::string name = fmt::format("{} of the limit", part);
    bowl.line(name, steps.slopes, steps.intercepts);
    losses.line(name, steps.losses);
  }
  gd::pictures::save("descent.svg", std::vector{bowl, losses});
}
