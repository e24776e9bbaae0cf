// ModelOptions: the input and output of a model, and options that replace parts of its text.
#pragma once

#include <optional>

#include "layers/embedding.hpp"

namespace gradus::layers {

/// Options of build().
struct ModelOptions {
  Shape input = {1, 28,
                 28};  ///< shape of an example: an image (C, H, W), or a vector (F) for mlp models
  int64_t classes = 10;  ///< number of scores that the network returns
  /// Of a language model the number of different tokens: its input is a window (T) of tokens, and
  /// it returns scores for the next of each, (T, classes), from that token and those before it.
  /// 0: another model.
  int64_t tokens = 0;
  /// Features of a vector that are indices: the network begins with a ColumnEmbedding.
  std::vector<IndexColumn> index_columns = {};
  std::string activation = "relu";  ///< a name in activations(); recurrent cells don't use it
  /// Normalizations of activations, of weights, or one of each, as in "group:8+weight-std"; see
  /// NormText, normalizations() and weight_normalizations(). It replaces the model's own
  /// normalization; empty keeps that, "none" removes it. Normalizations of activations are before
  /// the activation of each convolution or, in mlp models, of each hidden dense layer; recurrent
  /// models support "layer", inside their cells. Normalizations of weights are on every layer with
  /// a weight (weight, spectral, cosine, cosine-centered) or on the hidden layers (weight-std,
  /// weight-centered, weight-whiten); they start from the weights that `init` draws.
  std::string norm = "";
  /// A text for initialize(), such as "he-normal:fan=out"; empty: PyTorch's default.
  std::string init = "";
  /// Inputs for initializers that need data; otherwise it may be undefined.
  Tensor batch = {};
  /// The rate of every dropout layer: after each hidden dense layer, and after the last pooling of
  /// image models. Empty: 0.25 after the pooling and 0.5 after the dense layer of cnn, no dropout
  /// in the other models.
  std::optional<double> dropout = std::nullopt;
  // More dropout rates; 0 means none.
  double input_dropout = 0;  ///< for elements of the input (0.2 in Srivastava et al. 2014)
  /// For channels (Dropout2d), after the activation of each convolution. Before or after a
  /// following pooling makes no difference, since whole channels are dropped.
  double channel_dropout = 0;
  /// For the weights of hidden dense layers (DropConnect); not together with a weight
  /// normalization.
  double drop_connect = 0;
};

}  // namespace gradus::layers
