// NetworkBuilder: makes the layers of a network from its text.
#pragma once

#include "layers/network/model_options.hpp"
#include "layers/network/network_text.hpp"
#include "layers/norm/normalizations.hpp"
#include "layers/sequential.hpp"

namespace gradus::layers {

class NetworkBuilder;

/// Appends to the builder what an item means, from its words and parts.
struct NetworkLayer {
  /// Appends the layers to the builder. Throws std::invalid_argument for words that don't fit.
  std::function<void(NetworkBuilder& builder, NetworkWords& words, const NetworkItem& item)> append;
  std::size_t most_parts = 0;  ///< networks in parentheses
};

/// Appends layers, and knows the shape of an example that has been reached.
class NetworkBuilder {
 public:
  /// The most layers of a network: repetitions within repetitions soon ask for more than a lifetime
  /// builds.
  static constexpr int64_t most_layers = 10'000;
  /// The most parameters of a network, 4 GiB of them: gradients and an optimizer take three times
  /// as much more.
  static constexpr int64_t most_parameters = int64_t{1} << 30;
  /// The most values that a layer may make of one example.
  static constexpr int64_t most_values = int64_t{1} << 28;

  /// Errors begin with "[name]". `table` says what layers a text can name; it, `options` and `rng`
  /// outlive the builder.
  NetworkBuilder(std::string name, const Registry<NetworkLayer>& table, const ModelOptions& options,
                 Rng& rng);

  /// The network of `items`. Throws std::invalid_argument where a layer doesn't go: its place in
  /// the text, the shape of its input and what is wrong; and what finish() does.
  Sequential build(const std::vector<NetworkItem>& items);

  // What layers are made from.

  /// The shape of an example at this point, without the batch.
  const Shape& shape() const { return shape_; }
  /// The options that the constructor got.
  const ModelOptions& options() const { return options_; }
  /// What layers draw their weights from.
  Rng& rng() { return rng_; }
  /// (C, H, W). Throws for other shapes.
  const Shape& image() const;
  /// Appends a layer; what it makes of zeros says the next shape.
  void add(AnyModule module);
  /// A network within the network, with the present shape as its input.
  Sequential part(const std::vector<NetworkItem>& items);
  /// Appends `items` themselves.
  void append(const std::vector<NetworkItem>& items);

  /// Counts `layers` that the text asks for. Throws where these are more than most_layers.
  void count(int64_t layers);
  /// Counts the parameters of a weight of this shape, before it is drawn. Throws where all are more
  /// than most_parameters.
  void count_weight(std::initializer_list<int64_t> extents);

  /// A normalization of activations, or what stands in its place by ModelOptions::norm.
  void add_norm(const std::string& name);
  /// The same for dropout.
  void add_dropout(double rate);
  /// A convolution: channel_dropout follows its activation.
  void add_convolution(AnyModule module);
  /// The activation of that name, and ModelOptions::channel_dropout where it follows a convolution.
  void add_activation(const std::string& name);
  /// That of ModelOptions::activation.
  void add_chosen_activation();
  /// Whether the item after the present one makes a bias useless: a normalization that shifts.
  bool is_shifted_next() const;
  /// Whether cells normalize inside: by `own` word, or by ModelOptions::norm.
  bool normalizes_cells(bool own);

 private:
  void add(const NetworkItem& item);
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
  int64_t layers_ = 0;                 // that were asked for
  double parameters_ = 0;              // likewise
  const NetworkItem* next_ = nullptr;  // after the one that is being added
  bool has_norm_ = false, has_dropout_ = false, has_convolution_ = false, has_activation_ = false;
  bool awaits_activation_ = false;  // of a convolution
};

}  // namespace gradus::layers
