// Problem: a small problem for every optimizer; random_parameter.
#pragma once

#include <cmath>

#include "core/random.hpp"
#include "core/tensor.hpp"
#include "optim/optimizer.hpp"

namespace gradus::optim {

// Two parameters of ten values in all, and gradients that depend on the values and the step.
struct Problem {
  Tensor a = Tensor::empty({2, 3}, DType::f64), b = Tensor::empty({4}, DType::f64);

  Problem() {
    for (int i = 0; i < 6; ++i) a.mutable_data<double>()[i] = std::cos(i + 1);
    for (int i = 0; i < 4; ++i) b.mutable_data<double>()[i] = std::sin(i + 1);
    a.set_requires_grad();
    b.set_requires_grad();
  }
  NamedTensors parameters() const { return {{"a", a}, {"b", b}}; }

  void take_steps(Optimizer& optimizer, int from, int to) {
    for (int step = from; step < to; ++step) {
      set_gradient(a, step, 0);
      set_gradient(b, step, 10);
      optimizer.step();
    }
  }
  std::vector<double> values() const {
    std::vector<double> all = a.to_vector<double>();
    for (const double value : b.to_vector<double>()) all.push_back(value);
    return all;
  }

 private:
  static void set_gradient(Tensor& parameter, int step, int offset) {
    Tensor g = Tensor::empty(parameter.shape(), DType::f64);
    for (int64_t i = 0; i < g.numel(); ++i)
      g.mutable_data<double>()[i] = 0.5 * parameter.data<double>()[i] +
                                    std::sin(0.7 * step + offset + static_cast<double>(i));
    parameter.set_grad(g);
  }
};

// A parameter with a gradient, both of normal random numbers.
inline Tensor random_parameter(const Shape& shape, DType dtype = DType::f64, uint64_t seed = 1) {
  Rng rng(seed);
  Tensor result = randn(shape, rng, dtype);
  result.set_requires_grad();
  result.set_grad(randn(shape, rng, dtype));
  return result;
}

}  // namespace gradus::optim
