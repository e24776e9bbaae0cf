#include "layers/network/network_layers.hpp"

#include "layers/activation.hpp"
#include "layers/attention/sequence_layers.hpp"
#include "layers/attention/transformer.hpp"
#include "layers/convolution.hpp"
#include "layers/dense.hpp"
#include "layers/dropout.hpp"
#include "layers/flatten.hpp"
#include "layers/pooling.hpp"
#include "layers/recurrent.hpp"
#include "layers/residual.hpp"

namespace gradus::layers {
namespace {

using Item = NetworkItem;
using Words = NetworkWords;

// For "pad same": the padding on each side that keeps the size.
Pair padding(Words& words, const Pair& kernel, int64_t dilation) {
  const std::string text = words.value("pad");
  if (text == "same") {
    if (kernel.height % 2 == 0 || kernel.width % 2 == 0)
      throw std::invalid_argument(
          fmt::format("pad same needs a kernel of odd size, got {}", to_string(kernel)));
    return {dilation * (kernel.height / 2), dilation * (kernel.width / 2)};
  }
  if (text.empty()) return 0;
  return parse_window(text, "pad, a size", 0);
}

void conv(NetworkBuilder& builder, Words& words, const Item&) {
  const int64_t channels = words.count("a number of channels");
  const Pair kernel = words.window("a window");
  const int64_t dilation = words.option("dilation", 1);
  const bool bias = words.flag("bias"), no_bias = words.flag("no-bias");
  const Conv2dOptions options{.in_channels = builder.image()[0],
                              .out_channels = channels,
                              .kernel = kernel,
                              .stride = words.option("stride", 1),
                              .padding = padding(words, kernel, dilation),
                              .dilation = dilation,
                              .groups = words.option("groups", 1),
                              .bias = bias || !(no_bias || builder.is_shifted_next())};
  words.finish();
  // Sizes are checked before the weight is drawn.
  if (options.in_channels % options.groups == 0 && channels % options.groups == 0) {
    const int64_t of_group = options.in_channels / options.groups;
    builder.count_weight({channels, of_group, kernel.height, kernel.width});
    conv2d_shape(builder.image().inserted(0, 1), {channels, of_group, kernel.height, kernel.width},
                 {options.stride, options.padding, options.dilation, options.groups});
  }
  builder.add_convolution(Conv2d(options, builder.rng()));
}

void dense(NetworkBuilder& builder, Words& words, const Item&) {
  const bool is_last = words.flag("classes") || words.flag("outputs");
  const bool no_bias = words.flag("no-bias");
  const int64_t units = is_last ? builder.options().classes : words.count("a number of units");
  words.finish();
  // A sequence keeps its steps.
  if (builder.shape().rank() > 2) builder.add(Flatten());
  builder.count_weight({builder.shape()[-1], units});
  builder.add(Dense(builder.shape()[-1], units, builder.rng(), {.bias = !no_bias}));
}

template <class Pool>
void pool(NetworkBuilder& builder, Words& words, const Item&) {
  const Pair kernel = words.window("a window");
  PoolingOptions options{.kernel = kernel, .stride = words.option("stride", 0)};
  options.padding = padding(words, kernel, 1);
  words.finish();
  builder.image();
  builder.add(Pool(options));
}

// The shape, if it is that of a sequence, (L, width).
const Shape& sequence(const NetworkBuilder& builder) {
  if (builder.shape().rank() != 2)
    throw std::invalid_argument("needs a sequence, such as that of patches");
  return builder.shape();
}

void patches(NetworkBuilder& builder, Words& words, const Item&) {
  const int64_t size = words.count("a size");
  words.finish();
  builder.image();
  builder.add(ImagePatches(size));
}

void positions(NetworkBuilder& builder, Words& words, const Item&) {
  const std::string kind = words.word_or("learned");
  words.finish();
  const Shape& shape = sequence(builder);
  if (kind == "sinusoidal") return builder.add(SinusoidalPositions());
  if (kind != "learned")
    throw std::invalid_argument(fmt::format(
        "positions are learned or sinusoidal (attention has rotary ones), got '{}'", kind));
  builder.count_weight({shape[0], shape[1]});
  builder.add(LearnedPositions(shape[0], shape[1], builder.rng()));
}

bool rotary(Words& words) {
  const std::string kind = words.value("positions");
  if (!kind.empty() && kind != "rotary")
    throw std::invalid_argument(fmt::format("its positions can only be rotary, got '{}'", kind));
  return !kind.empty();
}

void attention(NetworkBuilder& builder, Words& words, const Item&) {
  const int64_t heads = words.option("heads", 1);
  const bool causal = words.flag("causal"), no_bias = words.flag("no-bias");
  const MultiheadAttentionOptions options{
      .bias = !no_bias,
      .dropout = builder.dropout_within(words.number_after("dropout", 0)),
      .is_causal = causal || builder.is_causal(),
      .rotary = rotary(words)};
  words.finish();
  const int64_t width = sequence(builder)[1];
  builder.count_weight({4, width, width});
  builder.add(MultiheadAttention(width, heads, builder.rng(), options));
}

void transformer(NetworkBuilder& builder, Words& words, const Item&) {
  const bool no_bias = words.flag("no-bias"), causal = words.flag("causal");
  TransformerOptions options{.heads = words.option("heads", 1),
                             .hidden = words.option("hidden", 0, 0),
                             .norm_first = !words.flag("post-norm"),
                             .bias = !no_bias,
                             .is_causal = causal || builder.is_causal(),
                             .rotary = rotary(words)};
  options.dropout = builder.dropout_within(words.number_after("dropout", 0));
  options.activation = builder.activation_within(words.value("activation"));
  const std::string norm = words.value("norm");
  options.norm = builder.norm_within(norm.empty() ? options.norm : norm);
  words.finish();
  options.width = sequence(builder)[1];
  const int64_t hidden = options.hidden == 0 ? 4 * options.width : options.hidden;
  builder.count_weight({options.width, 4 * options.width + 2 * hidden});
  builder.add_transformer(TransformerEncoderLayer(options, builder.rng()));
}

void require_tokens(const NetworkBuilder& builder) {
  if (!builder.reads_tokens()) throw std::invalid_argument("needs tokens, as of a text");
}

void embedding(NetworkBuilder& builder, Words& words, const Item&) {
  const int64_t width = words.count("a width");
  words.finish();
  require_tokens(builder);
  builder.add_embedding(width);
}

void tied(NetworkBuilder& builder, Words& words, const Item& item) {
  const int64_t width = words.count("a width");
  words.finish();
  require_tokens(builder);
  if (item.parts.empty()) throw std::invalid_argument("needs its layers in parentheses");
  builder.add_tied_embedding(width, item.parts[0]);
}

template <class Pool>
void global_pool(NetworkBuilder& builder, Words& words, const Item&) {
  words.finish();
  builder.image();
  builder.add(Pool(1));
  builder.add(Flatten());
}

template <class Cells>
void recurrent(NetworkBuilder& builder, Words& words, const Item&) {
  RecurrentOptions options{.hidden = words.count("a number of units"),
                           .layers = words.option("layers", 1),
                           .bidirectional = words.flag("bidirectional"),
                           .layer_norm = builder.normalizes_cells(words.flag("layer-norm")),
                           .last_only = !builder.is_causal()};
  words.finish();
  builder.count(options.layers);
  if (builder.is_causal() && options.bidirectional)
    throw std::invalid_argument("can't be bidirectional: the next token would be known");
  const bool is_sequence = builder.shape().rank() == 2;
  options.input = is_sequence ? builder.shape()[1] : builder.image()[0] * builder.image()[2];
  constexpr int64_t most_gates = 4;
  builder.count_weight({most_gates, options.bidirectional ? 2 : 1, options.layers, options.hidden,
                        options.hidden + std::max(options.input, 2 * options.hidden)});
  if (!is_sequence) builder.add(Rows());
  builder.add(Cells(options, builder.rng()));
}

void residual(NetworkBuilder& builder, Words& words, const Item& item) {
  words.finish();
  if (item.parts.empty())
    throw std::invalid_argument(
        "needs its layers in parentheses, and optionally those of a shortcut after |");
  Sequential body = builder.part(item.parts[0]);
  if (item.parts.size() == 1) return builder.add(Residual(std::move(body)));
  builder.add(Residual(std::move(body), builder.part(item.parts[1])));
}

void repeat(NetworkBuilder& builder, Words& words, const Item& item) {
  const int64_t times = words.count("a number of repetitions");
  words.finish();
  if (item.parts.empty()) throw std::invalid_argument("needs layers in parentheses");
  for (int64_t i = 0; i < times; ++i) builder.append(item.parts[0]);
}

using Entries = std::vector<Registry<NetworkLayer>::Entry>;

Entries entries() {
  Entries result{
      {"conv",
       "CHANNELS KxK [stride S] [pad P|same] [dilation D] [groups G] [bias|no-bias]: convolution; "
       "without a bias if a normalization with a bias follows",
       {conv}},
      {"dense",
       "UNITS|outputs [no-bias]: fully connected layer; images become vectors; outputs, or "
       "classes, is the number that the data needs",
       {dense}},
      {"norm",
       "[NAME] [no-bias]: normalization of activations, with the names of --norm (default batch; "
       "of "
       "sequences layer)",
       {[](NetworkBuilder& builder, Words& words, const Item&) {
         const bool no_bias = words.flag("no-bias");
         const std::string name = words.word_or(builder.shape().rank() == 2 ? "layer" : "batch");
         words.finish();
         builder.add_norm(name, no_bias);
       }}},
      {"maxpool", "KxK [stride S] [pad P]: the maximum of each window", {pool<MaxPool2d>}},
      {"avgpool", "KxK [stride S] [pad P]: the mean of each window", {pool<AvgPool2d>}},
      {"globalpool",
       "the mean of each channel, or over the steps of a sequence",
       {[](NetworkBuilder& builder, Words& words, const Item& item) {
         if (builder.shape().rank() != 2)
           return global_pool<AdaptiveAvgPool2d>(builder, words, item);
         words.finish();
         builder.add(MeanOfSteps());
       }}},
      {"globalmaxpool", "the maximum of each channel", {global_pool<AdaptiveMaxPool2d>}},
      {"flatten", "images become vectors", {[](NetworkBuilder& builder, Words& words, const Item&) {
         words.finish();
         builder.add(Flatten());
       }}},
      {"dropout",
       "[RATE]: dropout of elements (default 0.5)",
       {[](NetworkBuilder& builder, Words& words, const Item&) {
         const double rate = words.number_or(0.5);
         words.finish();
         builder.add_dropout(rate);
       }}},
      {"dropout2d",
       "[RATE]: dropout of whole channels (default 0.5)",
       {[](NetworkBuilder& builder, Words& words, const Item&) {
         const double rate = words.number_or(0.5);
         words.finish();
         builder.image();
         builder.add(Dropout2d(rate, builder.rng()));
       }}},
      {"residual",
       "(LAYERS [| SHORTCUT]): the sum of layers and shortcut (default: the input)",
       {residual, 2}},
      {"repeat", "N (LAYERS): the layers N times", {repeat, 1}},
      {"rnn",
       "UNITS [layers N] [bidirectional] [layer-norm]: reads an image row by row, or a sequence "
       "step "
       "by step",
       {recurrent<RNN>}},
      {"lstm", "the same with an LSTM", {recurrent<LSTM>}},
      {"gru", "the same with a GRU", {recurrent<GRU>}},
      {"patches", "N: an image as a sequence of patches of N×N", {patches}},
      {"positions", "learned|sinusoidal: adds to each step what tells its place", {positions}},
      {"attention",
       "[heads N] [dropout RATE] [causal] [no-bias] [positions rotary]: each step attends to all, "
       "or causal to those before it",
       {attention}},
      {"transformer",
       "[heads N] [hidden UNITS] [activation NAME] [norm NAME] [post-norm] [dropout RATE] [causal] "
       "[no-bias] [positions rotary]: attention and two dense layers of each step, each with a "
       "normalization and a shortcut",
       {transformer}},
      {"embedding", "WIDTH: tokens of a text become vectors", {embedding}},
      {"tied",
       "WIDTH (LAYERS): tokens become vectors, and the vectors of the layers scores of tokens by "
       "the same weight",
       {tied, 1}},
      {"activation",
       "the activation function of --activation",
       {[](NetworkBuilder& builder, Words& words, const Item&) {
         words.finish();
         builder.add_chosen_activation();
       }}}};
  for (const auto& entry : activations().entries())
    result.push_back({entry.name,
                      entry.help,
                      {[name = entry.name](NetworkBuilder& builder, Words& words, const Item&) {
                        words.finish();
                        builder.add_activation(name);
                      }}});
  return result;
}

}  // namespace

const Registry<NetworkLayer>& network_layers() {
  static const Registry<NetworkLayer> table(
      "layer", entries(),
      {{"dense", {"linear", "fc"}},
       {"conv", {"conv2d"}},
       {"maxpool", {"maxpool2d", "maxpooling2d"}},
       {"avgpool", {"avgpool2d", "averagepooling2d"}},
       {"globalpool", {"globalavgpool", "globalaveragepooling2d"}},
       {"globalmaxpool", {"globalmaxpooling2d"}},
       {"dropout2d", {"spatialdropout2d"}},
       {"silu", {"swish"}}});
  return table;
}

}  // namespace gradus::layers
