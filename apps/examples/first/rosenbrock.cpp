// The Hessian of Rosenbrock's function, and Newton's method with it.
#include <gradus.hpp>
namespace gd = gradus;

// (1 − x)² + 100(y − x²)²: a curved valley with its lowest point at (1, 1).
gd::Tensor rosenbrock(const gd::Tensor& p) {
  const gd::Tensor x = p[0], y = p[1];
  return (1 - x).square() + 100 * (y - x.square()).square();
}

int main() {
  gd::Tensor p = gd::Tensor::from({-1.2, 1.0});
  fmt::print("the Hessian at the start:\n{}\n", gd::hessian(rosenbrock, p));
  for (int step = 1; step <= 6; ++step) {
    const gd::Tensor g = gd::jacobian(rosenbrock, p), h = gd::hessian(rosenbrock, p);
    // The inverse of a 2×2 matrix: swapped diagonal, other signs elsewhere, over the determinant.
    const gd::Tensor determinant = h(0, 0) * h(1, 1) - h(0, 1) * h(1, 0);
    p -=
        gd::stack({h(1, 1) * g[0] - h(0, 1) * g[1], h(0, 0) * g[1] - h(1, 0) * g[0]}) / determinant;
    fmt::print("step {}: f({:.6f}, {:.6f}) = {:.3g}\n", step, p[0].item(), p[1].item(),
               rosenbrock(p).item());
  }
}
