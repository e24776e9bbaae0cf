#include "layers/models.hpp"

#include <algorithm>

#include "layers/activation.hpp"
#include "layers/convolution.hpp"
#include "layers/dense.hpp"
#include "layers/dropout.hpp"
#include "layers/flatten.hpp"
#include "layers/initialize.hpp"
#include "layers/norm_text.hpp"
#include "layers/normalization.hpp"
#include "layers/pooling.hpp"
#include "layers/recurrent.hpp"
#include "layers/weight_normalization.hpp"

namespace gradus::layers {
namespace {

// Appends layers and knows the shape that has been reached.
class Builder {
 public:
  Builder(const char* model, const ModelOptions& options, std::string_view own_norm, Rng& rng)
      : model_(model),
        options_(options),
        norm_(options.norm.empty() ? own_norm : options.norm),
        rng_(rng),
        shape_(options.input) {
    require((shape_.rank() == 1 || shape_.rank() == 3) && shape_.numel() > 0, model,
            "needs an input (F) or (C, H, W), got {}", shape_);
    require(options.classes >= 1, model, "classes is 1 or more, got {}", options.classes);
    if (options.input_dropout != 0) sequence_.push_back(Dropout(options.input_dropout, rng));
  }

  Builder& convolution(int64_t channels, int64_t kernel, int64_t padding) {
    require(shape_.rank() == 3, model_, "needs images (C, H, W), got input {}", options_.input);
    const Shape next = window(channels, kernel, padding, 1);
    sequence_.push_back(Conv2d({.in_channels = shape_[0],
                                .out_channels = channels,
                                .kernel = kernel,
                                .padding = padding,
                                .bias = !norm_shifts(next)},
                               rng_));
    shape_ = next;
    convolves_ = true;
    normalization().activation();
    if (options_.channel_dropout != 0)
      sequence_.push_back(Dropout2d(options_.channel_dropout, rng_));
    return *this;
  }

  Builder& max_pool() {
    shape_ = window(shape_[0], 2, 0, 2);
    sequence_.push_back(MaxPool2d(2));
    return *this;
  }

  // Reads an image row by row and keeps the last state.
  template <class Cells>
  Builder& recurrent(int64_t hidden) {
    require(shape_.rank() == 3, model_, "needs images (C, H, W), got input {}", options_.input);
    require(norm_.activations == "none" || norm_.activations == "layer", model_,
            "normalizes activations inside its cells, by layer or none, got '{}'",
            norm_.activations);
    sequence_.push_back(Rows());
    sequence_.push_back(Cells({.input = shape_[0] * shape_[2],
                               .hidden = hidden,
                               .layer_norm = norm_.activations == "layer",
                               .last_only = true},
                              rng_));
    shape_ = {hidden};
    return *this;
  }

  Builder& flatten() {
    shape_ = {shape_.numel()};
    sequence_.push_back(Flatten());
    return *this;
  }

  Builder& dense(int64_t units) {
    sequence_.push_back(Dense(shape_[0], units, rng_));
    shape_ = {units};
    return *this;
  }

  Builder& normalization() {
    if (norm_.activations != "none")
      sequence_.push_back(make_normalization(norm_.activations, shape_));
    return *this;
  }

  Builder& activation() {
    sequence_.push_back(activations().find(options_.activation)());
    return *this;
  }

  Builder& dropout(double own_rate) {
    const double rate = options_.dropout.value_or(own_rate);
    if (rate != 0) sequence_.push_back(Dropout(rate, rng_));
    return *this;
  }

  Sequential finish() {
    const std::size_t hidden = sequence_.size();
    dense(options_.classes);
    if (!options_.init.empty()) initialize(sequence_, options_.init, rng_, options_.batch);
    normalize_weights(hidden);
    drop_weights(hidden);
    require(options_.channel_dropout == 0 || convolves_, model_,
            "has no convolution for channel_dropout {}", options_.channel_dropout);
    return std::move(sequence_);
  }

 private:
  // Of dense layers among the first `hidden`.
  void drop_weights(std::size_t hidden) {
    const double rate = options_.drop_connect;
    if (rate == 0) return;
    require(norm_.weights.empty(), model_,
            "has one reparametrization a layer: drop_connect {} or the normalization of weights {}",
            rate, norm_.weights);
    bool dropped = false;
    for (std::size_t i = 0; i < hidden; ++i)
      if (auto* const layer = dynamic_cast<Dense*>(&sequence_[i])) {
        layer->reparametrize(DropConnect(rate, rng_));
        dropped = true;
      }
    require(dropped, model_, "has no hidden dense layer for drop_connect {}", rate);
  }

  // Of the first `hidden` layers, or of all where the scheme goes on the classifier, too.
  void normalize_weights(std::size_t hidden) {
    if (norm_.weights.empty()) return;
    const NamedScheme scheme(norm_.weights);
    const WeightNormalization& make = weight_normalizations().find(scheme.name);
    for (std::size_t i = 0; i < (make.classifier ? sequence_.size() : hidden); ++i) {
      if (auto* const layer = dynamic_cast<Weighted*>(&sequence_[i]))
        layer->reparametrize(make(scheme.argument));
      if (auto* const layer = dynamic_cast<Recurrent*>(&sequence_[i]))
        layer->reparametrize(make(scheme.argument));
    }
  }

  // Whether the normalization of `features` has a bias, next to which another has no effect.
  bool norm_shifts(const Shape& features) const {
    const NamedTensors parameters =
        make_normalization(norm_.activations, features)->named_parameters();
    return std::any_of(parameters.begin(), parameters.end(),
                       [](const auto& parameter) { return parameter.first == "bias"; });
  }

  // The shape after windows of `kernel` have passed over the image.
  Shape window(int64_t channels, int64_t kernel, int64_t padding, int64_t stride) const {
    const int64_t height = shape_[1] + 2 * padding, width = shape_[2] + 2 * padding;
    require(height >= kernel && width >= kernel, model_,
            "the input {} is too small: a {}×{} window meets an image of {}×{}", options_.input,
            kernel, kernel, height, width);
    return {channels, (height - kernel) / stride + 1, (width - kernel) / stride + 1};
  }

  const char* model_;
  const ModelOptions& options_;
  NormText norm_;
  Rng& rng_;
  Shape shape_;
  bool convolves_ = false;
  Sequential sequence_;
};

Sequential perceptron(const char* name, std::string_view norm, const ModelOptions& options,
                      Rng& rng) {
  Builder builder(name, options, norm, rng);
  builder.flatten();
  for (const int64_t units : {512, 256})
    builder.dense(units).normalization().activation().dropout(0);
  return builder.finish();
}

Sequential mlp(const ModelOptions& options, Rng& rng) {
  return perceptron("mlp", "none", options, rng);
}

Sequential mlp_bn(const ModelOptions& options, Rng& rng) {
  return perceptron("mlp-bn", "batch", options, rng);
}

// LeCun et al. 1998, with maximum pooling.
Sequential lenet(const ModelOptions& options, Rng& rng) {
  Builder builder("lenet", options, "none", rng);
  builder.convolution(6, 5, 2).max_pool().convolution(16, 5, 0).max_pool().dropout(0).flatten();
  for (const int64_t units : {120, 84}) builder.dense(units).activation().dropout(0);
  return builder.finish();
}

Sequential cnn(const ModelOptions& options, Rng& rng) {
  Builder builder("cnn", options, "none", rng);
  builder.convolution(32, 3, 0).convolution(64, 3, 0).max_pool().dropout(0.25).flatten();
  builder.dense(128).activation().dropout(0.5);
  return builder.finish();
}

Sequential cnn_bn(const ModelOptions& options, Rng& rng) {
  Builder builder("cnn-bn", options, "batch", rng);
  builder.convolution(32, 3, 1).max_pool().convolution(64, 3, 1).max_pool().dropout(0).flatten();
  builder.dense(128).activation().dropout(0);
  return builder.finish();
}

template <class Cells>
ModelFactory recurrent(const char* name) {
  return [name](const ModelOptions& options, Rng& rng) {
    return Builder(name, options, "none", rng).recurrent<Cells>(128).dropout(0).finish();
  };
}

}  // namespace

const Registry<ModelFactory>& models() {
  static const Registry<ModelFactory> table(
      "model",
      {{"mlp", "dense 512, 256", mlp},
       {"mlp-bn", "dense 512, 256, batch normalization before each activation", mlp_bn},
       {"lenet", "conv 6 5×5, pool, conv 16 5×5, pool, dense 120, 84", lenet},
       {"cnn", "conv 32 3×3, conv 64 3×3, pool, dropout, dense 128, dropout", cnn},
       {"cnn-bn", "conv 32 3×3, pool, conv 64 3×3, pool, dense 128, batch normalization", cnn_bn},
       {"rnn", "an image row by row through an RNN of 128 units", recurrent<RNN>("rnn")},
       {"lstm", "the same through an LSTM", recurrent<LSTM>("lstm")},
       {"gru", "the same through a GRU", recurrent<GRU>("gru")}});
  return table;
}

Sequential build_model(std::string_view name, const ModelOptions& options, Rng& rng) {
  return models().find(name)(options, rng);
}

}  // namespace gradus::layers
