// Models by name or from text, for any images or vectors.
#pragma once

#include <optional>
#include <string>

#include "core/registry.hpp"
#include "layers/sequential.hpp"

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

/// The models by name, as texts that build() takes.
const Registry<std::string>& models();

/// A model of models(), or a network from its text: layers separated by commas, the words of each
/// separated by spaces, as network_layers() lists them:
///
///     build("conv 32 3x3 pad 1, norm, relu, maxpool 2, residual(conv 32 3x3 pad 1, norm, relu), "
///           "globalpool, dropout .3, dense 10", {.input = {1, 28, 28}}, rng)
///
/// Shapes follow from the input; dense layers flatten images themselves; the last layer gives a
/// score for each class, without a softmax. `options.norm` replaces every norm of the text and
/// `options.dropout` every dropout, so that "norm none" and "dropout 0" are places for them.
/// Throws std::invalid_argument for unknown names; for what is wrong in the text, with the place,
/// the layer, its input's shape and what it needs; and for options that the network has no place
/// for.
Sequential build(std::string_view model, const ModelOptions& options, Rng& rng);

}  // namespace gradus::layers
