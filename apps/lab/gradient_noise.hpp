// How far the gradients of mini-batches are from that of all samples.
#pragma once

#include <cmath>
#include <vector>

#include "apps/lab/measure/tensor_distance.hpp"
#include "core/autograd.hpp"
#include "core/ops/loss.hpp"
#include "data/dataset.hpp"
#include "layers/module.hpp"

namespace gradus::lab {

/// With g the gradient of all samples' cross-entropy by the first parameter.
struct GradientNoise {
  double variance;  ///< mean of ‖gᵢ − g‖²/‖g‖² over batches i
  double bias;      ///< ‖mean of gᵢ − g‖/‖g‖
  double chance;    ///< what the bias is about where there is none: √(variance/batches)
};

/// Of `batches` batches whose samples are drawn independently, each from all.
inline GradientNoise gradient_noise(layers::Module& model, const data::Dataset& data, int64_t size,
                                    int batches, Rng& rng) {
  const Tensor weights = model.parameters()[0].second;
  const auto gradient = [&](const data::Batch& batch) {
    return grad({cross_entropy(model(batch.images), batch.labels)}, {weights})[0];
  };
  const Tensor whole = gradient(data.batch(0, data.size()));
  Tensor total = Tensor::zeros(whole.shape());
  double variance = 0;
  for (int i = 0; i < batches; ++i) {
    std::vector<int64_t> indices(static_cast<std::size_t>(size));
    for (int64_t& index : indices) index = rng.below(data.size());
    const Tensor one = gradient(data.batch(indices));
    add_in_place(total, one);
    variance += std::pow(relative_difference(one, whole), 2) / batches;
  }
  return {variance, relative_difference(total / batches, whole), std::sqrt(variance / batches)};
}

}  // namespace gradus::lab
