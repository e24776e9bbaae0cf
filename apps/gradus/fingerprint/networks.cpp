#include "apps/gradus/fingerprint/networks.hpp"

#include "layers/activation.hpp"
#include "layers/convolution.hpp"
#include "layers/dense.hpp"
#include "layers/embedding.hpp"
#include "layers/flatten.hpp"
#include "layers/init/initialize.hpp"
#include "layers/init/initializers.hpp"
#include "layers/network/models.hpp"
#include "layers/norm/normalizations.hpp"
#include "layers/pooling.hpp"
#include "layers/recurrent.hpp"
#include "optim/algorithms/optimizers.hpp"
#include "train/training_loss.hpp"

namespace gradus::app {
namespace {

using layers::Sequential;

struct LayerRow {
  const char* name;
  SmallNetwork network;
  int64_t samples;
};

// Shapes for which core/kernels choose different kernels: products of one, few and many rows, with
// depths above 256 that no vector divides; every kind of convolution, forward and backward.
const std::vector<LayerRow>& layer_rows() {
  static const std::vector<LayerRow> table{
      {"dense", {"dense 270, relu, dense classes", {517}}, 19},
      {"dense-of-one-sample", {"dense 270, relu, dense classes", {517}}, 1},
      {"dense-of-few-samples", {"dense 270, relu, dense classes", {517}}, 4},
      {"dense-without-bias", {"dense 33 no-bias, relu, dense classes", {21}}, 7},
      {"conv-winograd", {"conv 32 3x3 pad 1, relu, globalpool, dense classes", {16, 14, 14}}, 6},
      {"conv-filters", {"conv 32 5x5, relu, globalpool, dense classes", {4, 9, 9}}, 3},
      {"conv-images", {"conv 3 3x3, relu, dense classes", {2, 9, 4}}, 32},
      {"conv-direct", {"conv 3 3x3 pad 1, relu, globalpool, dense classes", {2, 32, 33}}, 2},
      {"conv-columns", {"conv 3 3x5 stride 2, relu, globalpool, dense classes", {2, 19, 18}}, 3},
      {"conv-pointwise", {"conv 7 1x1, relu, globalpool, dense classes", {5, 11, 13}}, 3},
      {"conv-strided", {"conv 16 3x3 stride 2 pad 1, relu, dense classes", {3, 12, 12}}, 4},
      {"conv-dilated", {"conv 6 3x3 dilation 2, relu, dense classes", {3, 12, 12}}, 4},
      {"conv-grouped", {"conv 12 3x3 pad same groups 2, relu, dense classes", {6, 8, 8}}, 5},
      {"conv-depthwise", {"conv 8 3x3 pad 1 groups 8, relu, dense classes", {8, 9, 9}}, 5},
      {"maxpool", {"maxpool 3x3 stride 2 pad 1, dense classes", {3, 11, 12}}, 4},
      {"avgpool", {"avgpool 2x3 stride 2 pad 1, dense classes", {3, 11, 12}}, 4},
      {"globalmaxpool", {"conv 6 3x3, globalmaxpool, dense classes", {3, 9, 9}}, 4},
      {"norm-and-maxpool",
       {"conv 8 3x3 pad 1, norm batch, maxpool 2x2, relu, dense classes", {3, 10, 10}},
       6},
      {"dropout", {"dense 40, dropout .3, dense classes", {20}}, 9},
      {"dropout2d", {"conv 6 3x3, dropout2d .3, dense classes", {2, 7, 7}}, 5},
      {"residual",
       {"residual(conv 6 3x3 pad 1, relu | conv 6 1x1), relu, dense classes", {2, 7, 7}},
       5},
      {"rnn", {"rnn 20, dense classes", {1, 6, 9}}, 7},
      {"lstm", {"lstm 20, dense classes", {1, 6, 9}}, 7},
      {"gru", {"gru 20, dense classes", {1, 6, 9}}, 7},
      {"lstm-bidirectional", {"lstm 9 layers 2 bidirectional, dense classes", {1, 5, 6}}, 3},
      {"gru-layer-norm", {"gru 9 layer-norm, dense classes", {1, 5, 6}}, 3},
      {"attention",
       {"patches 1, dense 24, attention heads 3, globalpool, dense classes", {2, 11, 13}},
       3},
      {"attention-causal-rotary",
       {"patches 1, dense 24, attention heads 3 causal positions rotary, flatten, dense classes",
        {2, 7, 5}},
       3},
      {"transformer",
       {"patches 2, dense 16, positions sinusoidal, transformer heads 4, globalpool, dense classes",
        {3, 8, 6}},
       5},
      {"transformer-post-norm",
       {"patches 2, dense 16, positions learned, transformer heads 2 hidden 9 activation gelu norm "
        "rms post-norm dropout .1 no-bias, globalpool, dense classes",
        {3, 8, 6}},
       5},
  };
  return table;
}

struct ModuleRow {
  const char* name;
  Sequential (*make)(Rng& rng);
  Shape input;
};

// Layers that have no place in the text of a network.
const std::vector<ModuleRow>& module_rows() {
  using namespace layers;
  static const std::vector<ModuleRow> table{
      {"conv1d",
       [](Rng& rng) {
         return Sequential{
             Conv1d({.in_channels = 3, .out_channels = 6, .kernel = 5, .stride = 2}, rng), ReLU(),
             Flatten(), Dense(6 * 9, network_classes, rng)};
       },
       {3, 21}},
      {"conv-transpose",
       [](Rng& rng) {
         return Sequential{ConvTranspose2d({.in_channels = 4,
                                            .out_channels = 3,
                                            .kernel = 3,
                                            .stride = 2,
                                            .padding = 1,
                                            .output_padding = 1},
                                           rng),
                           ReLU(), Flatten(), Dense(3 * 10 * 10, network_classes, rng)};
       },
       {4, 5, 5}},
      {"adaptive-avgpool",
       [](Rng& rng) {
         return Sequential{AdaptiveAvgPool2d(3), Flatten(), Dense(3 * 9, network_classes, rng)};
       },
       {3, 8, 7}},
      {"adaptive-maxpool",
       [](Rng& rng) {
         return Sequential{AdaptiveMaxPool2d(3), Flatten(), Dense(3 * 9, network_classes, rng)};
       },
       {3, 8, 7}},
      {"lstm-variational-dropout",
       [](Rng& rng) {
         return Sequential{LSTM({.input = 6,
                                 .hidden = 9,
                                 .dropout = 0.3,
                                 .dropout_kind = RecurrentDropout::variational,
                                 .last_only = true},
                                rng),
                           Dense(9, network_classes, rng)};
       },
       {5, 6}}};
  return table;
}

void add_embedding(Digest& digest, DType dtype) {
  Rng rng(1);
  Sequential model{layers::Embedding(11, 6, rng), layers::Flatten(),
                   layers::Dense(7 * 6, network_classes, rng)};
  model.to(dtype);
  add_training(digest, model, cyclic_labels(3 * 7, 11).alias({3, 7}));
}

void add_layers(Fingerprints& to) {
  for (const LayerRow& row : layer_rows())
    add_both(to, fmt::format("layer/{}", row.name), [&](Digest& digest, DType dtype) {
      add_training(digest, row.network, row.samples, dtype);
    });
  for (const ModuleRow& row : module_rows())
    add_both(to, fmt::format("layer/{}", row.name), [&](Digest& digest, DType dtype) {
      Rng rng(1);
      Sequential model = row.make(rng);
      model.to(dtype);
      add_training(digest, model, uniform_tensor(row.input.inserted(0, 5), dtype));
    });
  add_both(to, "layer/embedding", add_embedding);
}

void add_norms(Fingerprints& to, const std::vector<std::string>& names) {
  for (const std::string& name : names)
    add_both(to, "norm/" + name, [name](Digest& digest, DType dtype) {
      add_training(digest,
                   {.text = "conv 8 3x3 pad 1, norm none, maxpool 2x2, relu, dense 16, norm none, "
                            "relu, dense classes",
                    .input = {2, 10, 10},
                    .norm = name},
                   6, dtype);
    });
}

void add_initializer(Digest& digest, const std::string& name, DType dtype) {
  const SmallNetwork network{"conv 6 3x3, relu, dense 12, relu, dense classes", {2, 6, 6}};
  Sequential model = network.build(dtype);
  Rng rng(3);
  layers::initialize(model, name, rng, uniform_tensor(network.input.inserted(0, 8), dtype));
  digest.add(model.state_dict());
}

}  // namespace

Sequential SmallNetwork::build(DType dtype) const {
  Rng rng(1);
  Sequential model = layers::build(text, {.input = input, .classes = classes, .norm = norm}, rng);
  model.to(dtype);
  return model;
}

void add_training(Digest& digest, Sequential& model, const Tensor& batch,
                  const ShortTraining& training) {
  const optim::OptimizerFactory& factory = optim::optimizers().find(training.optimizer);
  const auto optimizer = factory(model.parameters(), factory.lr, training.options);
  const Tensor labels = cyclic_labels(batch.size(0), network_classes);
  const train::Loss loss_function = train::make_loss(data::TargetKind::classes, training.loss);
  for (int64_t step = 0; step < training.steps; ++step) {
    const Tensor loss = loss_function(model(batch), labels);
    digest.add(loss);
    optimizer->zero_grad();
    loss.backward();
    optimizer->step();
  }
  optimizer->eval();
  const layers::EvaluationScope evaluation = model.evaluation_scope();
  digest.add(model.state_dict()).add(model(batch));
}

void add_training(Digest& digest, const SmallNetwork& network, int64_t samples, DType dtype,
                  const ShortTraining& training) {
  Sequential model = network.build(dtype);
  add_training(digest, model, uniform_tensor(network.input.inserted(0, samples), dtype), training);
}

Fingerprints network_fingerprints() {
  Fingerprints result;
  add_layers(result);
  add_norms(result, layers::normalizations().names());
  add_norms(result, layers::weight_normalizations().names());
  for (const std::string& name : layers::activations().names())
    add_both(result, "activation/" + name, [name](Digest& digest, DType dtype) {
      Sequential model = SmallNetwork{"dense 16, " + name + ", dense classes", {9}}.build(dtype);
      add_training(digest, model, uniform_tensor({6, 9}, dtype, -9, 9));
    });
  for (const std::string& name : layers::initializers().names())
    if (name != "pretrained")  // reads a file
      add_both(result, "init/" + name,
               [name](Digest& digest, DType dtype) { add_initializer(digest, name, dtype); });
  return result;
}

}  // namespace gradus::app
