// The networks that experiments train.
#pragma once

#include <string>
#include <vector>

#include "core/registry.hpp"
#include "data/dataset.hpp"
#include "layers/sequential.hpp"

namespace gradus::lab {

/// For experiments about normalization, on images (C, H, W): convolutions of 8 and 16 channels,
/// 3×3, each followed by pooling, three hidden dense layers of 32 and the output. `scheme`, one of
/// layers::normalizations() or layers::weight_normalizations(), normalizes before the activation of
/// each hidden layer (behind a dense one, a batch of 4 has 4 values for a mean), or all weights.
/// Group normalization has 4 groups, as 8 channels have no more to give. Batch renormalization,
/// whose limits the paper raises over 40,000 steps, raises them over `steps`. Throws
/// std::invalid_argument for other data.
layers::Sequential small_network(const data::Dataset& data, const std::string& scheme,
                                 int64_t steps, Rng& rng);

/// For any samples: a hidden dense layer of 32 units, ReLU, and the output.
layers::Sequential dense_network(const data::Dataset& data, Rng& rng);

/// For images of MNIST's size (1, 28, 28), which it learns to 99 % in an epoch: convolutions 5×5 of
/// 24 and 3×3 of 32 channels, each with ReLU and pooling, 256 hidden units and the output.
layers::Sequential fast_network(const data::Dataset& data, Rng& rng);

/// For the same images: convolutions 5×5 of 8 and 3×3 of 16 channels with stride 2, each with ReLU,
/// and the output; a step is cheap.
layers::Sequential strided_network(const data::Dataset& data, Rng& rng);

/// The names of a table, in its order.
template <class Factory>
std::vector<std::string> names(const Registry<Factory>& registry) {
  std::vector<std::string> result;
  for (const auto& entry : registry.entries()) result.push_back(entry.name);
  return result;
}

}  // namespace gradus::lab
