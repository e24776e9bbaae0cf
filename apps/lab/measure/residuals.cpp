#include "apps/lab/measure/residuals.hpp"

#include <gradus.hpp>
#include <numbers>

#include "core/math.hpp"

namespace gradus::lab {

Points draw_points(Tensor (*f)(const Tensor& x), int64_t n, double noise, Rng& rng) {
  const Tensor x = 2 * rand({n, 1}, rng, DType::f64) - 1;
  return {x, f(x) + noise * randn({n, 1}, rng, DType::f64)};
}

std::vector<double> polynomial_residuals(const Points& points, int64_t largest) {
  std::vector<double> residuals;
  // Polynomials that are orthogonal on the points: their coefficients are independent.
  Tensors basis;
  Tensor rest = points.y, next = Tensor::ones(points.x.shape(), DType::f64);
  for (int64_t degree = 0; degree <= largest; ++degree) {
    for (const Tensor& lower : basis) next = next - lower * sum(lower * next);
    basis.push_back(next / norm(next));
    rest = rest - basis.back() * sum(basis.back() * rest);
    residuals.push_back(sum(square(rest)).item());
    next = basis.back() * points.x;
  }
  return residuals;
}

static double train(int64_t width, const Points& points, Rng& rng) {
  layers::Sequential model{layers::Dense(1, width, rng), layers::Tanh(),
                           layers::Dense(width, 1, rng)};
  model.to(DType::f64);
  optim::LBFGS optimizer(model.parameters(), {.max_iterations = 300, .max_evaluations = 400});
  return optimizer.step([&] {
    optimizer.zero_grad();
    const Tensor residual = mse_loss(model(points.x), points.y, Reduction::sum);
    residual.backward();
    return residual;
  });
}

std::vector<double> network_residuals(const Points& points, int64_t largest, Rng& rng) {
  std::vector<double> residuals{sum(square(points.y - mean(points.y))).item()};
  for (int64_t width = 1; width <= largest; ++width) {
    double least = residuals.back();
    for (int start = 0; start < 12; ++start) least = std::min(least, train(width, points, rng));
    residuals.push_back(least);
  }
  return residuals;
}

double log_likelihood(double residual, int64_t n) {
  const auto samples = static_cast<double>(n);
  return -samples / 2 * (math::log(2 * std::numbers::pi * residual / samples) + 1);
}

}  // namespace gradus::lab
