// A recurrent network for images.
#pragma once

#include "data/dataset.hpp"
#include "layers/dense.hpp"
#include "layers/recurrent.hpp"
#include "layers/sequential.hpp"

namespace gradus::lab {

/// Reads an image (C, H, W) row by row into a state of 32 values, from which the output is
/// computed. The state's weights are orthogonal at first; with "relu", which has no limit, its size
/// and the gradient's can grow from row to row.
inline layers::Sequential row_reader(const data::Dataset& data, const char* nonlinearity,
                                     Rng& rng) {
  const Shape image = data.sample_shape();
  return layers::Sequential{layers::ImageRows(),
                            layers::RNN({.input = image[0] * image[2],
                                         .hidden = 32,
                                         .orthogonal = true,
                                         .nonlinearity = nonlinearity,
                                         .last_only = true},
                                        rng),
                            layers::Dense(32, data.classes(), rng)};
}

}  // namespace gradus::lab
