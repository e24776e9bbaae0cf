// The convolutional network of LeCun et al. (1989): layer by layer, on digits of MNIST reduced to
// 16×16 pixels, as in Karpathy's reproduction of 2022.
//
//   lecun_1989 [FOLDER OF MNIST [SEED]]
#include <gradus.hpp>

namespace gd = gradus;
using gd::Shape, gd::Tensor;

// Kernels are shared by all positions, biases are not. Each map of the second layer sees eight of
// the first layer's twelve maps.
struct Network {
  gd::Rng& rng;
  Tensor kernels1 = uniform({12, 1, 5, 5}, 25), biases1 = leaf(Tensor::zeros({12, 8, 8}));
  Tensor kernels2 = uniform({12, 8, 5, 5}, 200), biases2 = leaf(Tensor::zeros({12, 4, 4}));
  Tensor weights3 = uniform({30, 192}, 192), biases3 = leaf(Tensor::zeros({30}));
  Tensor weights4 = uniform({10, 30}, 30), biases4 = leaf(Tensor::full({10}, -1));

  static Tensor leaf(Tensor t) { return t.set_requires_grad(); }

  Tensor uniform(const Shape& shape, double fan_in) {
    const double bound = 2.4 / std::sqrt(fan_in);
    return leaf((2 * rand(shape, rng) - 1) * bound);
  }

  // Convolution with stride 2 over maps with a border of -1: half as many rows and columns.
  static Tensor convolve(const Tensor& x, const Tensor& kernels) {
    return conv2d(pad(x, {2, 2, 2, 2}, -1), kernels, Tensor(), {.stride = 2});
  }

  // (N, 1, 16, 16) -> (N, 10)
  Tensor operator()(const Tensor& images) const {
    const Tensor h1 = tanh(convolve(images, kernels1) + biases1);
    const auto maps = [&](int64_t first, int64_t last) { return slice(h1, 1, first, last); };
    const auto some = [&](int64_t third) { return slice(kernels2, 0, 4 * third, 4 * third + 4); };
    const Tensor joined = gd::cat({convolve(maps(0, 8), some(0)), convolve(maps(4, 12), some(1)),
                                   convolve(gd::cat({maps(0, 4), maps(8, 12)}, 1), some(2))},
                                  1);
    const Tensor h2 = tanh(joined + biases2);
    const Tensor h3 = tanh(linear(reshape(h2, {-1, 192}), weights3, biases3));
    return tanh(linear(h3, weights4, biases4));
  }

  gd::NamedTensors parameters() const {
    return {{"kernels1", kernels1}, {"biases1", biases1},   {"kernels2", kernels2},
            {"biases2", biases2},   {"weights3", weights3}, {"biases3", biases3},
            {"weights4", weights4}, {"biases4", biases4}};
  }
};

// (N, 1, 28, 28) from 0 to 1 → (N, 1, 16, 16) from −1 to 1, by linear interpolation.
Tensor shrink(const Tensor& images) {
  std::vector<float> weights(16 * 28);
  for (int i = 0; i < 16; ++i) {
    const double at = (i + 0.5) * 28 / 16 - 0.5;
    const auto left = static_cast<std::size_t>(at);
    float* row = &weights[static_cast<std::size_t>(i) * 28 + left];
    row[1] = static_cast<float>(at) - static_cast<float>(left);
    row[0] = 1 - row[1];
  }
  const Tensor rows = Tensor::from(weights, {16, 28});
  return 2 * matmul(rows, matmul(images, rows, {.b = true})) - 1;
}

// The mean squared error; the targets are 1 for the label and −1 for the other classes.
Tensor loss(const Tensor& scores, const Tensor& labels) {
  return mse_loss(scores, 2 * one_hot(labels, 10) - 1);
}

struct Digits {
  Tensor images, labels;

  explicit Digits(const gd::data::Dataset& data) {
    const gd::data::Batch all = data.raw_batch(0, data.size());
    images = shrink(all.inputs);
    labels = all.targets;
  }

  void report(const char* name, const Network& network) const {
    const Tensor scores = gd::no_grad([&] { return network(images); });
    const double right = gd::accuracy(scores, labels);
    fmt::print("  {}: loss {:.2e}, error {:.2f} %, {} of {} wrong\n", name,
               loss(scores, labels).item(), 100 * (1 - right),
               std::lround((1 - right) * static_cast<double>(labels.numel())), labels.numel());
  }
};

void repeat(const gd::data::Split& split, uint64_t seed) {
  gd::Rng rng(seed);
  // As many random samples as in the paper.
  const auto some = [&](const gd::data::Dataset& data, int64_t count) {
    std::vector<int64_t> order = rng.permutation(data.size());
    order.resize(static_cast<std::size_t>(std::min(count, data.size())));
    return Digits(data.subset(order));
  };
  const Digits train = some(split.train, 7291), test = some(split.test, 2007);
  const Network network{rng};
  int64_t count = 0;
  for (const auto& [name, weights] : network.parameters()) count += weights.numel();
  fmt::print("{} weights\n", count);
  gd::optim::SGD optimizer(network.parameters(), {.lr = 0.03});
  for (int pass = 1; pass <= 23; ++pass) {
    for (int64_t i = 0; i < train.labels.numel(); ++i) {
      optimizer.zero_grad();
      loss(network(slice(train.images, 0, i, i + 1)), slice(train.labels, 0, i, i + 1)).backward();
      optimizer.step();
    }
    if (pass % 11 != 1) continue;
    fmt::print("pass {}\n", pass);
    train.report("training", network);
    test.report("test", network);
  }
}

int main(int argc, char** argv) try {
  const auto seed = gd::parse_number<uint64_t>(argc > 2 ? argv[2] : "0");
  if (argc > 3 || !seed) {
    fmt::print(stderr, "usage: lecun_1989 [FOLDER [SEED]]\n");
    return 2;
  }
  repeat(argc > 1 ? gd::data::mnist(argv[1]) : gd::data::digits(), *seed);
} catch (const std::exception& error) {
  fmt::print(stderr, "error: {}\n", error.what());
  return 1;
}
