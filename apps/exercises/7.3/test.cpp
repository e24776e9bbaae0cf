// Hint: over what does each element of Wᵀ·∂L/∂z sum, and how many terms has the sum? With a ReLU,
// relu′(z) is 0 for half of the outputs and 1 for the others.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

static double mean_square(const gd::Tensor& x) {
  return gd::mean(gd::square(x)).item();
}

static double measured(int64_t inputs, int64_t outputs, double sigma, bool relu) {
  gd::Rng rng(1);
  const gd::Tensor w = sigma * gd::randn({outputs, inputs}, rng);
  const gd::Tensor x = gd::randn({500, inputs}, rng).set_requires_grad();
  const gd::Tensor z = gd::linear(x, w), upstream = gd::randn({500, outputs}, rng);
  const gd::Tensor by_x = gd::grad({relu ? gd::relu(z) : z}, {x}, {.grad_outputs = {upstream}})[0];
  return mean_square(by_x) / mean_square(upstream);
}

void check() {
  fmt::print("inputs outputs sigma  ReLU   factor  measured\n");
  for (const bool relu : {false, true})
    for (const auto& [inputs, outputs] : {std::pair<int64_t, int64_t>{400, 100}, {100, 400}}) {
      const std::string layer =
          fmt::format("from {} to {} units{}", inputs, outputs, relu ? " with a ReLU" : "");
      const auto n = static_cast<double>(inputs);
      for (const double sigma : {std::sqrt(2 / n), 0.1}) {
        const double got = backward_factor(inputs, outputs, sigma, relu);
        const double right = measured(inputs, outputs, sigma, relu);
        exercise::expect(std::abs(got - right) <= 0.05 * right,
                         fmt::format("the backward factor {} with sigma {:.3f} is measured as "
                                     "{:.3f}, backward_factor says {:.3f} (5 % are allowed)",
                                     layer, sigma, right, got));
        fmt::print("{:6} {:7} {:.3f}  {:5} {:7.3f}  {:8.3f}\n", inputs, outputs, sigma, relu, got,
                   right);
      }
      const double kept = sigma_that_keeps(inputs, outputs, relu);
      const double factor = measured(inputs, outputs, kept, relu);
      exercise::expect(
          std::abs(factor - 1) <= 0.05,
          fmt::format("with sigma_that_keeps {}, {:.4f}, the measured factor is {:.3f}, "
                      "it should be 1",
                      layer, kept, factor));
    }
}
