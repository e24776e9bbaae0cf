// Hint: the square gives the factor 2·(w·xᵢ + b − yᵢ). What is the derivative of w·xᵢ + b by w, and
// by b? gd::mean(…).item() is a mean as a double.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

void check() {
  // One point, then two: L = (3w + b − 5)², and (b + 1)²/2 + (2w + b − 3)²/2.
  const gd::Tensor three = gd::Tensor::from({3.0}), five = gd::Tensor::from({5.0});
  const Gradient of_one = gradient_of(three, five, 1, 1);
  exercise::expect_near("∂L/∂w for the point (3, 5), w = 1, b = 1", of_one.by_w, -6, 1e-6);
  exercise::expect_near("∂L/∂b for the point (3, 5), w = 1, b = 1", of_one.by_b, -2, 1e-6);
  const Gradient of_two =
      gradient_of(gd::Tensor::from({0.0, 2.0}), gd::Tensor::from({-1.0, 3.0}), 0, 0);
  exercise::expect_near("∂L/∂w for the points (0, −1), (2, 3), w = 0, b = 0", of_two.by_w, -6,
                        1e-6);
  exercise::expect_near("∂L/∂b for the points (0, −1), (2, 3), w = 0, b = 0", of_two.by_b, -2,
                        1e-6);

  // The points of the chapter, against autograd.
  gd::Rng rng(1);
  const gd::Tensor x = 3.0 * gd::rand({100}, rng, gd::DType::f64);
  const gd::Tensor y = 2.0 * x + 1.0 + 0.3 * gd::randn({100}, rng, gd::DType::f64);
  for (const double slope : {0.0, 2.0, -1.5})
    for (const double intercept : {0.0, 1.0}) {
      const gd::Tensor w = gd::Tensor::scalar(slope, gd::DType::f64).set_requires_grad();
      const gd::Tensor b = gd::Tensor::scalar(intercept, gd::DType::f64).set_requires_grad();
      gd::mean(gd::square(w * x + b - y)).backward();
      const Gradient got = gradient_of(x, y, slope, intercept);
      const std::string place = fmt::format("of 100 points at w = {}, b = {}", slope, intercept);
      exercise::expect_near("∂L/∂w " + place, got.by_w, w.grad().item(), 1e-6);
      exercise::expect_near("∂L/∂b " + place, got.by_b, b.grad().item(), 1e-6);
    }
}
