// dense_network, strided_network: the networks that experiments train.
#pragma once

#include "data/dataset.hpp"
#include "layers/sequential.hpp"

namespace gradus::lab {

/// A network for any samples: a hidden dense layer of 32 units, ReLU, and the output.
layers::Sequential dense_network(const data::Dataset& data, Rng& rng);

/// A network for images of MNIST's size (1, 28, 28): convolutions 5×5 of 8 and 3×3 of 16
/// channels with stride 2, each with ReLU, and the output; a step is cheap.
layers::Sequential strided_network(const data::Dataset& data, Rng& rng);

}  // namespace gradus::lab
