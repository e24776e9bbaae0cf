// Exercise 2.3: a parabola is linear in its coefficients.
#include <gradus.hpp>

namespace gd = gradus;

// The columns x², x and 1, f64 (n, 3). Linear regression is linear in w, whatever the columns are:
// so L is a bowl again, with one minimum.
gd::Tensor columns_of(const gd::Tensor& x) {
  return gd::stack({gd::square(x), x, gd::Tensor::ones(x.shape(), x.dtype())}, 1);
}

// The coefficients (w₁, w₂, w₃) of the parabola with the smallest mean squared error, by gradient
// descent. The curvatures for x between −1 and 1 are about 2.2, 0.7 and 0.16: a rate of 0.5 is
// below 2/2.2, and a thousand steps multiply the distance along the flattest by 0.92¹⁰⁰⁰.
gd::Tensor fit_parabola(const gd::Tensor& x, const gd::Tensor& y) {
  const gd::Tensor columns = columns_of(x);
  gd::Tensor w = gd::Tensor::zeros({3}, gd::DType::f64).set_requires_grad();
  gd::optim::SGD optimizer({{"w", w}}, {.lr = 0.5});
  for (int step = 0; step < 1000; ++step) {
    optimizer.zero_grad();
    gd::mean(gd::square(gd::matmul(columns, w) - y)).backward();
    optimizer.step();
  }
  return w;
}
