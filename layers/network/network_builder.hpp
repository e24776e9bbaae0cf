// NetworkBuilder: builds the layers of a network from its text.
#pragma once

#include "layers/network/model_options.hpp"
#include "layers/network/network_text.hpp"
#include "layers/norm/normalizations.hpp"
#include "layers/sequential.hpp"

namespace gradus::layers {

class NetworkBuilder;

/// A kind of layer in the text: appends its layers to the builder, from the words and parts of an
/// item.
struct NetworkLayer {
  /// Appends the layers to the builder. Throws std::invalid_argument for wrong words.
  std::function<void(NetworkBuilder& builder, NetworkWords& words, const NetworkItem& item)> append;
  std::size_t most_parts = 0;  ///< maximal number of networks in parentheses
};

/// Appends layers, and tracks the shape of an example after them.
class NetworkBuilder {
 public:
  /// The largest number of layers of a network: nested repetitions could otherwise never end.
  static constexpr int64_t most_layers = 10'000;
  /// The largest number of parameters of a network, 4 GiB; gradients and an optimizer take three
  /// times as much in addition.
  static constexpr int64_t most_parameters = int64_t{1} << 30;
  /// The largest number of values of a layer's result for one example.
  static constexpr int64_t most_values = int64_t{1} << 28;

  /// Errors begin with "[name]". `table` lists the layers of a text; it, `options` and `rng` must
  /// outlive the builder.
  NetworkBuilder(std::string name, const Registry<NetworkLayer>& table, const ModelOptions& options,
                 Rng& rng);

  /// Builds the network of `items`. Throws std::invalid_argument for a layer that doesn't fit, with
  /// its place in the text, the shape of its input and the reason; and the errors of finish().
  Sequential build(const std::vector<NetworkItem>& items);

  // For the entries of the table.

  /// The shape of an example at this point, without the batch.
  const Shape& shape() const { return shape_; }
  /// The options passed to the constructor.
  const ModelOptions& options() const { return options_; }
  /// The generator of the layers' weights.
  Rng& rng() { return rng_; }
  /// The shape, if it is (C, H, W). Throws for other shapes.
  const Shape& image() const;
  /// Appends a layer; the next shape is that of its result for zeros, which are tokens if it
  /// `takes_tokens`.
  void add(AnyModule module, bool takes_tokens = false);
  /// Builds a network within the network, with the present shape as its input.
  Sequential part(const std::vector<NetworkItem>& items);
  /// Appends the layers of `items`.
  void append(const std::vector<NetworkItem>& items);

  /// Counts `layers` of the text. Throws if there are more than most_layers.
  void count(int64_t layers);
  /// Counts the parameters of a weight of this shape, before it is drawn. Throws if there are more
  /// than most_parameters in all.
  void count_weight(std::initializer_list<int64_t> extents);

  /// Whether the present shape is a window of tokens, which only an embedding reads.
  bool reads_tokens() const { return options_.tokens > 0 && !has_vectors_; }
  /// Whether each step may depend on itself and those before it only.
  bool is_causal() const { return options_.tokens > 0; }
  /// Appends vectors of tokens.
  void add_embedding(int64_t width);
  /// The same around the layers of `items`, with scores by the same weight.
  void add_tied_embedding(int64_t width, const std::vector<NetworkItem>& items);
  /// Appends a transformer layer.
  void add_transformer(AnyModule module) {
    has_transformer_ = true;
    add(std::move(module));
  }

  /// Appends a normalization of activations, or its replacement by ModelOptions::norm. `no_bias`
  /// leaves out the bias of "layer".
  void add_norm(const std::string& name, bool no_bias = false);
  /// The same for dropout.
  void add_dropout(double rate);
  /// Appends a convolution; channel_dropout follows its activation.
  void add_convolution(AnyModule module);
  /// Appends the activation of that name, and ModelOptions::channel_dropout after the activation of
  /// a convolution.
  void add_activation(const std::string& name);
  /// Appends the activation of ModelOptions::activation.
  void add_chosen_activation();
  /// Whether the next item makes a bias useless, because it is a normalization with a bias.
  bool is_shifted_next() const;
  /// For a layer of sequences that contains its normalization: `own`, or its replacement by
  /// ModelOptions::norm.
  std::string norm_within(const std::string& own);
  /// For a layer that contains its dropout: `own`, or ModelOptions::dropout.
  double dropout_within(double own);
  /// For a layer that contains its activation: `own`, or if that is empty ModelOptions::activation.
  std::string activation_within(const std::string& own);
  /// Whether recurrent cells have layer normalization: by their `own` word, or by
  /// ModelOptions::norm.
  bool normalizes_cells(bool own);

 private:
  void add(const NetworkItem& item);
  // `own`, or its replacement by ModelOptions::norm.
  Spec chosen_norm(const std::string& own);
  void finish();
  void require_places() const;
  void normalize_weights(std::size_t hidden);
  void drop_weights(std::size_t hidden);

  std::string name_;
  const Registry<NetworkLayer>& table_;
  const ModelOptions& options_;
  NormText norm_;
  Rng& rng_;
  Shape shape_;
  Sequential sequence_;
  int64_t layers_ = 0;                 // layers so far
  double parameters_ = 0;              // parameters so far
  const NetworkItem* next_ = nullptr;  // the item after the present one
  bool has_norm_ = false, has_dropout_ = false, has_convolution_ = false, has_activation_ = false;
  bool has_transformer_ = false;
  bool has_vectors_ = false;        // whether tokens have become vectors
  bool awaits_activation_ = false;  // whether a convolution has no activation yet
};

}  // namespace gradus::layers
