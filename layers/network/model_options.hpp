// ModelOptions: what a model is built for, and what replaces parts of its text.
#pragma once

#include <optional>

#include "core/tensor.hpp"

namespace gradus::layers {

/// Options of build().
struct ModelOptions {
  Shape input = {1, 28, 28};  ///< one example: an image (C, H, W), or a vector (F) for mlp models
  int64_t classes = 10;       ///< scores that the network gives
  std::string activation = "relu";  ///< a name in activations(); recurrent cells have their own
  /// Normalizations of activations, of weights, or one of each, as in "group:8+weight-std"; see
  /// NormText, normalizations() and weight_normalizations(). It replaces the model's own; empty
  /// leaves that, "none" takes it away. Those of activations stand before the activation of each
  /// convolution or, in mlp models, of each hidden dense layer; recurrent models take "layer",
  /// inside their cells. Those of weights are on every layer with a weight (weight, spectral,
  /// cosine, cosine-centered) or on the hidden ones (weight-std, weight-centered, weight-whiten),
  /// and start from the weights that `init` draws.
  std::string norm = "";
  /// As initialize() takes it, "he-normal:fan=out"; empty for PyTorch's default.
  std::string init = "";
  /// Inputs for initializers that need data; may be undefined for the others.
  Tensor batch = {};
  /// The rate of every dropout layer: after each hidden dense layer, and after the last pooling of
  /// models of images. Left out, 0.25 after the pooling and 0.5 after the dense layer of cnn, and
  /// none elsewhere.
  std::optional<double> dropout = std::nullopt;
  // More rates of dropout; 0 for none.
  double input_dropout = 0;  ///< of the elements of the input (Srivastava et al. 2014 take 0.2)
  /// Of channels, by Dropout2d, after the activation of each convolution. Pooling, which follows,
  /// would leave the same channels whole: its place makes no difference.
  double channel_dropout = 0;
  /// Of the weights of hidden dense layers, by DropConnect; not together with a normalization of
  /// weights.
  double drop_connect = 0;
};

}  // namespace gradus::layers
