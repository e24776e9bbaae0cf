// How sharply a loss curves where it curves most.
#pragma once

#include <cmath>

#include "core/autograd.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/loss.hpp"
#include "core/ops/reduce.hpp"
#include "core/random.hpp"
#include "data/dataset.hpp"
#include "layers/sequential.hpp"

namespace gradus::lab {

struct Curvature {
  double largest;         ///< the Hessian's eigenvalue of the largest size, vᵀHv
  double by_differences;  ///< of gradients a little before and behind along the same v
};

/// Of the cross-entropy of a batch by all parameters, in double precision. By the power method:
/// v ← Hv/‖Hv‖, 30 times, where Hv is the gradient of gradient·v.
inline Curvature curvature(layers::Sequential model, const data::Batch& batch, Rng& rng) {
  model.to(DType::f64);
  Tensors weights;
  for (const auto& [name, weight] : model.parameters()) weights.push_back(weight);
  const Tensor images = cast(batch.images, DType::f64);
  const auto loss = [&] { return cross_entropy(model(images), batch.labels); };
  const auto dot = [](const Tensors& a, const Tensors& b) {
    double result = 0;
    for (std::size_t i = 0; i < a.size(); ++i) result += sum(a[i] * b[i]).item();
    return result;
  };
  const Tensors slopes = grad({loss()}, weights, {.create_graph = true});
  Tensors v, curved;
  for (const Tensor& weight : weights) curved.push_back(randn(weight.shape(), rng, DType::f64));
  for (int step = 0; step <= 30; ++step) {
    const double length = std::sqrt(dot(curved, curved));
    v.clear();
    for (const Tensor& part : curved) v.push_back(part / length);
    curved = grad(slopes, weights, {.grad_outputs = v, .retain_graph = true});
  }
  const auto slope_after = [&](double distance) {
    no_grad([&] {
      for (std::size_t i = 0; i < v.size(); ++i) weights[i].copy_from(weights[i] + v[i] * distance);
    });
    return dot(grad({loss()}, weights), v);
  };
  constexpr double h = 1e-7;
  const double before = slope_after(-h), behind = slope_after(2 * h);
  return {dot(v, curved), (behind - before) / (2 * h)};
}

}  // namespace gradus::lab
