// Accuracy: how far each operation's f32 results are from the exact ones for the same inputs.
#pragma once

#include "core/ops/elementwise.hpp"
#include "tests/core/ops/operations.hpp"
#include "tests/core/ops/ulps.hpp"

namespace gradus::testing {

/// An operation on given inputs: its f32 result followed by the derivatives of the result's sum
/// with fixed random weights, and the same of f64.
struct Sample {
  Tensors inputs;
  Tensor weights;
  Tensors results;
  std::vector<Reals> exact;
};

/// Errors in units of the last place of f32: of results, and of derivatives.
struct Accuracy {
  double mean = 0, largest = 0, derivative_mean = 0, derivative_largest = 0;
};

inline Tensors value_and_derivatives(const Row& row, const Tensors& inputs, const Tensor& weights) {
  const Tensor y = row.function(inputs);
  Tensors results{y.detach()};
  if (y.requires_grad())
    for (const Tensor& slope :
         grad({y}, differentiated(inputs), {.grad_outputs = {weights}, .allow_unused = true}))
      if (slope.defined()) results.push_back(slope);
  return results;
}

/// Inputs of an operation on elements: of all magnitudes from 2⁻¹⁰ to the row's reach, positive
/// where the row's own are.
inline Tensors spread_inputs(const Row& row) {
  Sampler example(1);
  Rng rng(12);
  Tensors inputs;
  for (const Tensor& like : row.inputs(example)) {
    const Shape shape{4000};
    if (!is_floating(like.dtype())) {
      inputs.push_back(example.index(shape, 2));
      continue;
    }
    const std::vector<double> values = like.to_vector<double>();
    const bool positive = *std::min_element(values.begin(), values.end()) > 0;
    Tensor x = Tensor::empty(shape, DType::f32);
    for (int64_t i = 0; i < x.numel(); ++i) {
      const double size = std::exp2((10 + std::log2(row.reach)) * rng.uniform() - 10);
      x.mutable_data<float>()[i] =
          static_cast<float>(!positive && rng.uniform() < 0.5 ? -size : size);
    }
    inputs.push_back(x.set_requires_grad());
  }
  return inputs;
}

inline Reals reals(const Tensor& x) {
  const std::vector<double> values = x.to_vector<double>();
  return Reals(values.begin(), values.end());
}

inline std::vector<Reals> exact_results(const Row& row, const Sample& sample) {
  std::vector<Reals> results;
  if (!row.exact) {
    Tensors wide;
    for (const Tensor& input : sample.inputs)
      wide.push_back(
          !is_floating(input.dtype())
              ? input
              : cast(input.detach(), DType::f64).set_requires_grad(input.requires_grad()));
    for (const Tensor& result : value_and_derivatives(row, wide, cast(sample.weights, DType::f64)))
      results.push_back(reals(result));
    return results;
  }
  results.resize(sample.results.size());
  for (int64_t i = 0; i < sample.weights.numel(); ++i) {
    Reals x;
    for (const Tensor& input : sample.inputs)
      x.push_back(is_floating(input.dtype()) ? static_cast<Real>(input.data<float>()[i])
                                             : static_cast<Real>(input.data<int64_t>()[i]));
    const Reals all = row.exact(x);
    for (std::size_t part = 0; part < results.size(); ++part)
      results[part].push_back(part == 0 ? all[part] : sample.weights.data<float>()[i] * all[part]);
  }
  return results;
}

inline Sample sample_of(const Row& row) {
  Sample sample;
  Sampler sampler(11, DType::f32, 400);
  sample.inputs = row.exact ? spread_inputs(row) : row.inputs(sampler);
  Rng rng(13);
  sample.weights = randn(no_grad([&] { return row.function(sample.inputs); }).shape(), rng);
  sample.results = value_and_derivatives(row, sample.inputs, sample.weights);
  sample.exact = exact_results(row, sample);
  return sample;
}

/// A unit of the last place is that of the exact number; except for operations on elements, at
/// least that of the tensor's root mean square, which sums that cancel are measured by.
inline Accuracy accuracy_of(const Row& row, const Sample& sample) {
  Accuracy accuracy;
  double derivatives = 0;
  for (std::size_t part = 0; part < sample.results.size(); ++part) {
    const Reals& exact = sample.exact[part];
    Real squares = 0;
    for (const Real v : exact) squares += v * v;
    const Real least =
        row.exact && part == 0 ? 0 : std::sqrt(squares / static_cast<Real>(exact.size()));
    const std::vector<float> got = sample.results[part].to_vector<float>();
    double total = 0, largest = 0;
    for (std::size_t i = 0; i < got.size(); ++i) {
      const double error = static_cast<double>(ulps(got[i], exact[i], least));
      total += error;
      largest = std::max(largest, error);
    }
    if (part == 0) {
      accuracy.mean = total / static_cast<double>(got.size());
      accuracy.largest = largest;
    } else {
      accuracy.derivative_mean += total;
      derivatives += static_cast<double>(got.size());
      accuracy.derivative_largest = std::max(accuracy.derivative_largest, largest);
    }
  }
  if (derivatives > 0) accuracy.derivative_mean /= derivatives;
  return accuracy;
}

}  // namespace gradus::testing
