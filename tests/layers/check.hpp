// check_gradients, check_refused and others: checks that several tests of layers make.
#pragma once

#include <doctest/doctest.h>

#include "core/gradcheck.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "layers/init_functions.hpp"
#include "layers/module.hpp"

namespace gradus::layers {

/// Gives every parameter random values and every buffer random positive ones.
inline void randomize(Module& module, Rng& rng) {
  for (auto& [name, tensor] : module.named_parameters()) init::normal(tensor, rng, {.mean = 0.3});
  for (auto& [name, tensor] : module.named_buffers())
    if (is_floating(tensor.dtype())) init::uniform(tensor, rng, {.low = 0.5, .high = 1.5});
}

/// Compares first and second derivatives by input and parameters with differences, in f64.
inline void check_gradients(AnyModule module, const Tensor& x) {
  INFO(module->description());
  Rng rng(17);
  module->to(DType::f64);
  randomize(*module, rng);
  const Members members(*module);
  Tensors arguments{x};
  for (const auto& [name, parameter] : members.parameters())
    if (parameter->defined()) arguments.push_back(parameter->detach().clone().set_requires_grad());
  std::vector<Rng> generators;
  for (const auto& [name, generator] : members.generators()) generators.push_back(*generator);
  const Function call = [&](const Tensors& values) {
    std::size_t next = 1;
    for (const auto& [name, parameter] : members.parameters())
      if (parameter->defined()) static_cast<Tensor&>(*parameter) = values[next++];
    for (std::size_t i = 0; i < generators.size(); ++i)
      *members.generators()[i].second = generators[i];
    return module(values[0]);
  };
  const GradcheckResult first = gradcheck(call, arguments);
  CHECK_MESSAGE(first.passed, first.message);
  const GradcheckResult second = gradgradcheck(call, arguments);
  CHECK_MESSAGE(second.passed, second.message);
}

/// Checks that the call throws std::invalid_argument with this message.
template <class Body>
void check_refused(Body&& body, const char* message) {
  CHECK_THROWS_WITH_AS(body(), message, std::invalid_argument);
}

/// The mean of x², in f64.
inline double mean_square(const Tensor& x) {
  return mean(square(cast(x.detach(), DType::f64))).item();
}

inline Tensor random_input(const Shape& shape, uint64_t seed = 5) {
  Rng rng(seed);
  return randn(shape, rng, DType::f64).set_requires_grad();
}

inline std::vector<std::string> names_of(const NamedTensors& tensors) {
  std::vector<std::string> names;
  for (const auto& [name, tensor] : tensors) names.push_back(name);
  return names;
}

inline void check_equal(const Tensor& a, const Tensor& b) {
  REQUIRE(a.shape() == b.shape());
  REQUIRE(a.dtype() == b.dtype());
  dispatch(a.dtype(), [&]<class T>(T) { CHECK(a.to_vector<T>() == b.to_vector<T>()); });
}

inline void check_near(const Tensor& got, const std::vector<double>& want) {
  REQUIRE(got.numel() == static_cast<int64_t>(want.size()));
  for (std::size_t i = 0; i < want.size(); ++i)
    CHECK(got.data<double>()[i] == doctest::Approx(want[i]).epsilon(1e-10));
}

/// One step of gradient descent on the sum of squares of the result; every parameter must have got
/// a gradient.
inline void train_step(Module& module, const Tensor& x, double lr = 1e-4) {
  for (auto& [name, tensor] : module.parameters()) tensor.zero_grad();
  sum(square(module(x))).backward();
  const NoGrad no_grad;
  for (auto& parameter : module.parameters()) {
    Tensor& tensor = parameter.second;
    INFO(parameter.first);
    REQUIRE(tensor.grad().defined());
    tensor.copy_from(tensor - tensor.grad() * lr);
  }
}

}  // namespace gradus::layers
