// A tour of automatic differentiation: backward(), grad(), higher derivatives, gradcheck().
#include <gradus.hpp>

namespace gd = gradus;

int main() {
  // 1. Operations on a tensor that requires a gradient are recorded; backward() goes through them
  // from the result to the tensor.
  gd::Tensor x = gd::Tensor::from({1.0, 2.0, 3.0}).set_requires_grad();
  gd::Tensor y = gd::sum(x * x * x);
  y.backward();
  const auto gradient = x.grad().to_vector<double>();
  fmt::print("x = [1, 2, 3], y = sum of x^3 = {}, dy/dx = 3x^2 = {}\n", y.item(), gradient);

  // 2. Gradients add up until zero_grad() resets them; so training calls it before each step.
  gd::sum(x).backward();
  fmt::print("after another backward() through sum(x): {}\n", x.grad().to_vector<double>());
  x.zero_grad();

  // 3. grad() returns derivatives instead of storing them. With create_graph they are recorded too
  // and can be differentiated again.
  const gd::Tensor first = gd::grad({gd::sum(x * x * x)}, {x}, {.create_graph = true})[0];
  const gd::Tensor second = gd::grad({gd::sum(first)}, {x})[0];
  fmt::print("second derivatives 6x = {}\n", second.to_vector<double>());

  // 4. The product of the Hessian and a vector needs two backward passes and no Hessian.
  const gd::Tensor v = gd::Tensor::from({1.0, 0.0, -1.0});
  const gd::Tensor slope = gd::grad({gd::sum(gd::exp(x) * x)}, {x}, {.create_graph = true})[0];
  const gd::Tensor product = gd::grad({gd::sum(slope * v)}, {x})[0];
  fmt::print("Hessian of sum(x e^x) times [1, 0, -1]: {:.4f}\n",
             fmt::join(product.to_vector<double>(), ", "));

  // 5. Without recording, if only values are needed.
  const gd::Tensor plain = gd::no_grad([&] { return x * x; });
  fmt::print("under no_grad, x^2 requires a gradient: {}\n", plain.requires_grad());

  // 6. A check of the derivatives by central differences.
  gd::Rng rng(1);
  const gd::Tensor a = gd::randn({4, 3}, rng, gd::DType::f64).set_requires_grad();
  const gd::Tensor b = gd::randn({3, 2}, rng, gd::DType::f64).set_requires_grad();
  const auto f = [](const gd::Tensors& in) { return gd::tanh(gd::matmul(in[0], in[1])); };
  fmt::print("gradcheck of tanh(ab): {}, of its derivatives: {}\n", gd::gradcheck(f, {a, b}).passed,
             gd::gradgradcheck(f, {a, b}).passed);
}
