#include "layers/network/network_builder.hpp"

#include "layers/activation.hpp"
#include "layers/attention/tied_embedding.hpp"
#include "layers/dropout.hpp"
#include "layers/init/gpt.hpp"
#include "layers/init/initialize.hpp"
#include "layers/norm/normalization.hpp"

namespace gradus::layers {
namespace {

// Of the vectors of tokens where a text doesn't say.
constexpr int64_t default_width = 128;

// An error that already contains its place.
struct PlacedError : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

// As the user wrote it.
std::string to_string(const Spec& spec) {
  return spec.arguments.empty() ? spec.name : spec.text;
}

// A normalization of activations, under its first name.
Spec named_norm(const std::string& text) {
  Spec norm = parse_spec(text);
  norm.name = normalizations().entry(norm.name).name;
  return norm;
}

// Throws for a normalization that would not normalize each step of a sequence by itself.
void require_step_norm(const Spec& norm) {
  if (norm.name != "layer" && norm.name != "rms" && norm.name != "none")
    throw std::invalid_argument(
        fmt::format("sequences have the normalizations layer, rms and none, got '{}'", norm.name));
}

// The layers with weights among the first `count` of the network, at any depth.
std::vector<Reparametrizable*> with_weights(Sequential& network, std::size_t count) {
  std::vector<Reparametrizable*> result;
  for (std::size_t i = 0; i < count; ++i)
    for (const auto& [path, layer] : reparametrizable_layers(network[i])) result.push_back(layer);
  return result;
}

}  // namespace

NetworkBuilder::NetworkBuilder(std::string name, const Registry<NetworkLayer>& table,
                               const ModelOptions& options, Rng& rng)
    : name_(std::move(name)),
      table_(table),
      options_(options),
      norm_(options.norm.empty() ? "none" : options.norm),
      rng_(rng),
      shape_(options.input) {
  require((shape_.rank() == 1 || shape_.rank() == 3) && shape_.numel() > 0, name_,
          "the input must be (F) or (C, H, W), got {}", shape_);
  require(options.tokens >= 0 && (options.tokens == 0 || shape_.rank() == 1), name_,
          "a language model needs windows (T) of 1 or more tokens, got {} of {}", shape_,
          options.tokens);
  require(options.tokens == 0 || options.input_dropout == 0, name_,
          "tokens have no place for input_dropout {}", options.input_dropout);
  require(options.classes >= 1, name_, "classes must be 1 or more, got {}", options.classes);
  activations().find(options.activation);
}

Sequential NetworkBuilder::build(const std::vector<NetworkItem>& items) {
  if (!options_.index_columns.empty()) {
    require(shape_.rank() == 1, name_, "columns with indices need samples (F), got {}", shape_);
    for (const IndexColumn& column : options_.index_columns)
      count_weight({column.values, column.width});
    add(ColumnEmbedding(shape_[0], options_.index_columns, rng_));
  }
  if (options_.input_dropout != 0) add(Dropout(options_.input_dropout, rng_));
  if (reads_tokens() &&
      (items.empty() || (items[0].name != "embedding" && items[0].name != "tied")))
    add_embedding(default_width);
  append(items);
  const bool is_language = options_.tokens > 0, are_steps = !is_language && shape_.rank() == 2;
  require(
      shape_ ==
          (is_language ? Shape{options_.input[0], options_.classes} : Shape{options_.classes}),
      name_,
      "must end in a score for each of {} {}, ends in {}: its last layer{} should be '{}dense {}'",
      options_.classes, is_language ? "tokens after each step" : "classes", shape_,
      are_steps ? "s" : "", are_steps ? "globalpool, " : "", options_.classes);
  finish();
  return std::move(sequence_);
}

void NetworkBuilder::add_embedding(int64_t width) {
  count_weight({options_.tokens, width});
  has_vectors_ = true;
  add(Embedding(options_.tokens, width, rng_), true);
}

void NetworkBuilder::add_tied_embedding(int64_t width, const std::vector<NetworkItem>& items) {
  count_weight({options_.tokens, width});
  has_vectors_ = true;
  const Shape window = std::exchange(shape_, {shape_[0], width});
  Sequential body = part(items);
  shape_ = window;
  add(TiedEmbedding(options_.tokens, width, std::move(body), rng_), true);
}

const Shape& NetworkBuilder::image() const {
  if (shape_.rank() != 3) throw std::invalid_argument("needs images (C, H, W)");
  return shape_;
}

void NetworkBuilder::add(AnyModule module, bool takes_tokens) {
  {
    // A batch without examples is enough to get the shape of the result.
    const EvaluationScope scope(*module);
    const DType dtype = takes_tokens ? DType::i64 : DType::f32;
    shape_ = module(Tensor::zeros(shape_.inserted(0, 0), dtype)).shape().without(0);
  }
  if (shape_.numel() > most_values)
    throw std::invalid_argument(fmt::format(
        "the result for one example must not have more than 2^28 values, is {}", shape_));
  sequence_.push_back(std::move(module));
}

Sequential NetworkBuilder::part(const std::vector<NetworkItem>& items) {
  const Shape before = shape_;
  Sequential outer = std::exchange(sequence_, {});
  append(items);
  shape_ = before;
  return std::exchange(sequence_, std::move(outer));
}

void NetworkBuilder::append(const std::vector<NetworkItem>& items) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    next_ = i + 1 < items.size() ? &items[i + 1] : nullptr;
    add(items[i]);
  }
}

void NetworkBuilder::count(int64_t layers) {
  layers_ += layers;
  if (layers_ > most_layers)
    throw std::invalid_argument(
        fmt::format("a network must not have more than {} layers", most_layers));
}

void NetworkBuilder::count_weight(std::initializer_list<int64_t> extents) {
  double parameters = 1;  // a double, since the product may exceed all integers
  for (const int64_t extent : extents) parameters *= static_cast<double>(extent);
  parameters_ += parameters;
  if (parameters_ > most_parameters)
    throw std::invalid_argument(
        fmt::format("a network must not have more than 2^30 parameters, this one would have {:.3g}",
                    parameters_));
}

void NetworkBuilder::add(const NetworkItem& item) {
  const Shape input = shape_;
  try {
    count(1);
    const NetworkLayer& layer = table_.find(item.name);
    if (item.parts.size() > layer.most_parts)
      throw std::invalid_argument(
          fmt::format("must have at most {} networks in parentheses, got {}", layer.most_parts,
                      item.parts.size()));
    NetworkWords words(item);
    layer.append(*this, words, item);
  } catch (const PlacedError&) {
    throw;
  } catch (const std::invalid_argument& error) {
    throw PlacedError(
        printable(fmt::format("[{}] {}, input {}: {}", name_, item.place(), input, error.what()),
                  longest_message));
  }
}

Spec NetworkBuilder::chosen_norm(const std::string& own) {
  has_norm_ = true;
  return options_.norm.empty() ? named_norm(own) : norm_.activations;
}

void NetworkBuilder::add_norm(const std::string& name, bool no_bias) {
  if (no_bias && named_norm(name).name != "layer")
    throw std::invalid_argument(fmt::format("no-bias is a word of layer, not of {}", name));
  const Spec norm = chosen_norm(name);
  const bool is_sequence = shape_.rank() == 2;
  if (is_sequence) require_step_norm(norm);
  const Shape features = is_sequence ? Shape{shape_[1]} : shape_;
  AnyModule layer = normalizations().make(norm, features);
  if (no_bias && norm.name == "layer") layer = LayerNorm(features, {.bias = false});
  if (norm.name != "none") add(std::move(layer));
}

bool NetworkBuilder::is_shifted_next() const {
  if (!next_ || next_->name != "norm") return false;
  const std::string own = NetworkWords(*next_).word_or("batch");
  const Spec norm = options_.norm.empty() ? parse_spec(own) : norm_.activations;
  // An unknown name is reported later, as an error of that item with its place.
  return normalizations().contains(norm.name) && normalizations().find(norm.name).shifts;
}

std::string NetworkBuilder::norm_within(const std::string& own) {
  const Spec norm = chosen_norm(own);
  require_step_norm(norm);
  return to_string(norm);
}

double NetworkBuilder::dropout_within(double own) {
  has_dropout_ = true;
  return options_.dropout.value_or(own);
}

std::string NetworkBuilder::activation_within(const std::string& own) {
  if (!own.empty()) return own;
  has_activation_ = true;
  return options_.activation;
}

bool NetworkBuilder::normalizes_cells(bool own) {
  has_norm_ = true;
  if (options_.norm.empty()) return own;
  const Spec& given = norm_.activations;
  const std::string norm = to_string(given);
  if (norm != "none" && norm != "layer")
    throw std::invalid_argument(fmt::format(
        "recurrent cells support only the normalizations layer and none, got '{}'", norm));
  return norm == "layer";
}

void NetworkBuilder::add_dropout(double rate) {
  has_dropout_ = true;
  const double chosen = options_.dropout.value_or(rate);
  if (chosen != 0) add(Dropout(chosen, rng_));
}

void NetworkBuilder::add_convolution(AnyModule module) {
  add(std::move(module));
  has_convolution_ = awaits_activation_ = true;
}

void NetworkBuilder::add_chosen_activation() {
  has_activation_ = true;
  add_activation(options_.activation);
}

void NetworkBuilder::add_activation(const std::string& name) {
  add(activations().find(name)());
  if (std::exchange(awaits_activation_, false) && options_.channel_dropout != 0)
    add(Dropout2d(options_.channel_dropout, rng_));
}

void NetworkBuilder::finish() {
  const std::size_t hidden = sequence_.size() - 1;
  require_places();
  const auto normalize = [&] { normalize_weights(hidden); };
  if (options_.init.empty() && options_.tokens > 0 && has_transformer_)
    initialize_gpt(sequence_, rng_);
  if (options_.init.empty())
    normalize();
  else
    initialize(sequence_, options_.init, rng_, options_.batch, normalize);
  drop_weights(hidden);
}

void NetworkBuilder::require_places() const {
  require(has_norm_ || norm_.activations.name == "none", name_,
          "the network has no place for norm {}", options_.norm);
  require(has_dropout_ || !options_.dropout || *options_.dropout == 0, name_,
          "the network has no place for dropout {}", options_.dropout.value_or(0));
  require(has_activation_ || options_.activation == ModelOptions().activation, name_,
          "the network has no place for activation {}", options_.activation);
  require(options_.channel_dropout == 0 || has_convolution_, name_,
          "the network has no convolution for channel_dropout {}", options_.channel_dropout);
}

void NetworkBuilder::normalize_weights(std::size_t hidden) {
  if (norm_.weights.name.empty()) return;
  const bool classifier = weight_normalizations().find(norm_.weights.name).classifier;
  for (Reparametrizable* layer : with_weights(sequence_, classifier ? sequence_.size() : hidden))
    layer->reparametrize(weight_normalizations().make(norm_.weights));
}

void NetworkBuilder::drop_weights(std::size_t hidden) {
  const double rate = options_.drop_connect;
  if (rate == 0) return;
  require(norm_.weights.name.empty(), name_,
          "drop_connect {} cannot be combined with the weight normalization {}", rate,
          norm_.weights.text);
  std::vector<Reparametrizable*> layers = with_weights(sequence_, hidden);
  std::erase_if(layers, [](auto* layer) { return layer->weight_kind() != WeightKind::dense; });
  require(!layers.empty(), name_, "the network has no hidden dense layer for drop_connect {}",
          rate);
  for (Reparametrizable* const layer : layers) layer->reparametrize(DropConnect(rate, rng_));
}

}  // namespace gradus::layers
