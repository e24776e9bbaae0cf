// How tensors, shapes and models print themselves.
#include <gradus.hpp>

namespace gd = gradus;

int main() {
  gd::Rng rng(1);
  // Numbers have as few digits as tell them apart. Type and shape follow: 1.0 is f64, 1.f is f32.
  fmt::print("{}\n", gd::Tensor::from({{1.0, 2.5}, {-3.0, 0.1}}));
  fmt::print("{}\n", gd::Tensor::from({1.f, 1e-7f, 1e7f}));
  // With fewer digits behind the point.
  fmt::print("{:.2}\n", gd::randn({2, 3}, rng));
  // Whole numbers, and a mask.
  const gd::Tensor numbers = gd::Tensor::arange(6);
  fmt::print("{}\n{}\n", numbers, numbers > 3);
  // One number: a tensor of rank 0, and its value.
  fmt::print("{} {}\n", numbers.sum(), numbers.sum().item());
  // Of a large tensor the ends.
  fmt::print("{}\n", gd::Tensor::arange(10000).reshape({100, 100}));
  // A shape, and the name of a type.
  fmt::print("{}, {}\n", gd::zeros_like(numbers).shape(), gd::to_string(gd::DType::boolean));
  // A model: its layers, and the shapes of their parameters.
  fmt::print("{}\n", gd::layers::Sequential{gd::layers::Dense(4, 8, rng), gd::layers::Tanh(),
                                            gd::layers::Dense(8, 3, rng)});
}
