// Random networks and options: built twice, run forward and backward, saved and
// loaded, copied, with one thread and with two; all that has to be the same is.
#include <cmath>

#include "core/autograd.hpp"
#include "core/io/safetensors.hpp"
#include "core/ops/loss/loss.hpp"
#include "core/parallel.hpp"
#include "layers/network/models.hpp"
#include "tests/fuzz/choices.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/same_bits.hpp"

using namespace gradus;

namespace {

using fuzz::Choices;

const std::vector<std::string> activations{"relu", "tanh", "gelu", "silu", "prelu", "sigmoid"};
const std::vector<std::string> norms{"",
                                     "none",
                                     "batch",
                                     "layer",
                                     "group:2",
                                     "instance",
                                     "rms",
                                     "lrn",
                                     "weight",
                                     "spectral",
                                     "cosine",
                                     "weight-std",
                                     "weight-centered",
                                     "batch+weight",
                                     "group:2+weight-std"};
const std::vector<std::string> inits{"",
                                     "xavier-normal",
                                     "he-uniform",
                                     "orthogonal",
                                     "constant:0.1",
                                     "truncated-normal",
                                     "delta-orthogonal",
                                     "zeros"};

std::string draw_layers(Choices& choices, int depth) {
  std::string text;
  for (int64_t i = choices.between(1, 3); i > 0; --i) {
    const int64_t channels = choices.one_of({2, 4, 6}), kernel = choices.between(1, 3);
    switch (choices.below(depth > 0 ? 10 : 8)) {
      case 0:
        text += fmt::format("conv {} {}x{} pad {}", channels, kernel, choices.between(1, 3),
                            choices.between(0, 1));
        break;
      case 1:
        text += fmt::format("conv {} 3x3 stride {} pad same groups {}", channels,
                            choices.between(1, 2), choices.one_of({1, 1, 1, 2}));
        break;
      case 2:
        text += "norm";
        break;
      case 3:
        text += choices.one_of(activations);
        break;
      case 4:
        text += fmt::format("maxpool {}", choices.between(1, 2));
        break;
      case 5:
        text += fmt::format("avgpool {}", choices.between(1, 2));
        break;
      case 6:
        text += fmt::format("dropout .{}", choices.below(10));
        break;
      case 7:
        text += fmt::format("dense {}", channels);
        break;
      case 8:
        text += fmt::format("residual(norm, {}, dropout .2)", choices.one_of(activations));
        break;
      default:
        text +=
            fmt::format("repeat {} ({})", choices.between(1, 2), draw_layers(choices, depth - 1));
        break;
    }
    if (i > 1) text += ", ";
  }
  return text;
}

void require_same(const NamedTensors& a, const NamedTensors& b, const char* what) {
  fuzz::require(a.size() == b.size(), what);
  for (std::size_t i = 0; i < a.size(); ++i)
    fuzz::require(a[i].first == b[i].first && a[i].second.dtype() == b[i].second.dtype() &&
                      testing::same_bits(a[i].second, b[i].second),
                  what);
}

// A step of training: the scores, and what it leaves in gradients and buffers.
NamedTensors train_step(layers::Sequential& network, const Tensor& x, const Tensor& labels) {
  network.train();
  NamedTensors result{{"scores", network(x)}};
  cross_entropy(result[0].second, labels).backward();
  for (auto& [name, parameter] : network.named_parameters()) {
    if (parameter.grad().defined()) result.emplace_back(name + ".grad", parameter.grad());
    parameter.zero_grad();
  }
  for (auto& [name, buffer] : network.named_buffers()) result.emplace_back(name, buffer.clone());
  return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  static const TemporaryFolder folder;
  Choices choices(data, size);
  const int64_t channels = choices.between(1, 3), extent = choices.between(3, 9);
  layers::ModelOptions options{.input = {channels, extent, extent}, .classes = 3};
  options.activation = choices.one_of(activations);
  // Most texts have no place for most options.
  if (choices.yes()) options.norm = choices.one_of(norms);
  options.init = choices.one_of(inits);
  if (choices.below(4) == 1) options.dropout = 0.25;
  if (choices.below(4) == 1) options.input_dropout = 0.2;
  if (choices.below(8) == 1) options.channel_dropout = 0.2;
  if (choices.below(8) == 1) options.drop_connect = 0.2;
  const std::string text =
      draw_layers(choices, 2) + ", residual(norm, activation, dropout .3), dense 3";

  fuzz::accepts([&] {
    Rng rng(7);
    const Tensor x = randn({4, channels, extent, extent}, rng);
    const Tensor labels = Tensor::from<int64_t>({0, 2, 1, 1});
    const auto build = [&] {
      Rng own(3);
      return layers::build(text, options, own);
    };
    layers::Sequential network = build(), twin = build();
    fuzz::require(network.description() == twin.description(), "twins differ in description");
    require_same(network.state_dict(), twin.state_dict(), "twins differ");

    layers::Sequential copy = network;
    set_num_threads(1);
    const NamedTensors alone = train_step(network, x, labels);
    set_num_threads(2);
    require_same(alone, train_step(twin, x, labels), "the step depends on the threads");
    require_same(alone, train_step(copy, x, labels), "a copy does another step");

    // What is saved and loaded into a network of other weights is the same
    // network.
    network.evaluate();
    const Tensor scores = network(x);
    Rng other(11);
    layers::Sequential loaded = layers::build(text, options, other);
    const std::string path = folder.path("network.safetensors");
    write_safetensors(path, network.state_dict());
    loaded.load_state_dict(read_safetensors(path).tensors);
    loaded.evaluate();
    require_same(network.state_dict(), loaded.state_dict(), "what was loaded isn't what was saved");
    fuzz::require(testing::same_bits(loaded(x), scores), "a loaded network gives other scores");
  });
  return 0;
}
