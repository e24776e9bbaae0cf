// steps: trains a small network for a few steps: `steps NAME`. instructions_test.sh counts the
// instructions of training_steps().
#include "core/ops/loss/loss.hpp"
#include "core/parallel.hpp"
#include "core/text/registry.hpp"
#include "layers/activation.hpp"
#include "layers/convolution.hpp"
#include "layers/dense.hpp"
#include "layers/flatten.hpp"
#include "layers/norm/batch_norm.hpp"
#include "layers/pooling.hpp"
#include "layers/sequential.hpp"
#include "optim/algorithms/adam.hpp"

using namespace gradus;
using namespace gradus::layers;

namespace {

Sequential mlp(Rng& rng) {
  return Sequential{Flatten(), Dense(784, 128, rng), BatchNorm1d(128), ReLU(), Dense(128, 64, rng),
                    ReLU(),    Dense(64, 10, rng)};
}

Sequential convolution(Rng& rng) {
  return Sequential{Conv2d({.in_channels = 1, .out_channels = 8, .kernel = 3, .padding = 1}, rng),
                    BatchNorm2d(8),
                    ReLU(),
                    MaxPool2d(2),
                    Conv2d({.in_channels = 8, .out_channels = 16, .kernel = 5}, rng),
                    ReLU(),
                    MaxPool2d(2),
                    Flatten(),
                    Dense(16 * 5 * 5, 10, rng)};
}

// With little arithmetic, so that an unnecessary pass over the images changes the counts.
Sequential passes(Rng& rng) {
  return Sequential{BatchNorm2d(1), ReLU(), MaxPool2d(2), Flatten(), Dense(14 * 14, 10, rng)};
}

const Registry<Sequential (*)(Rng&)> networks("network",
                                              {{"mlp", "dense layers", mlp},
                                               {"convolution", "convolutions", convolution},
                                               {"passes", "limited by memory", passes}});

}  // namespace

// The counter uses this name.
extern "C" [[gnu::noinline]] void training_steps(Sequential& model, optim::Adam& optimizer,
                                                 const Tensor& images, const Tensor& labels) {
  for (int step = 0; step < 5; ++step) {
    const Tensor loss = cross_entropy(model(images), labels);
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
  }
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  set_num_threads(1);
  Rng rng(1);
  Sequential model = networks.find(argv[1])(rng);
  optim::Adam optimizer(model.parameters());
  const Tensor images = randn({8, 1, 28, 28}, rng);
  const Tensor labels = Tensor::from<int64_t>({0, 1, 2, 3, 4, 5, 6, 7}, {8});
  training_steps(model, optimizer, images, labels);
}
