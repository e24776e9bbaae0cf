// A network with a hidden layer: exclusive or, spirals and digits, with one layer and with two.
#include <gradus.hpp>

namespace gd = gradus;
using gd::layers::Dense, gd::layers::Flatten, gd::layers::ReLU, gd::layers::Sequential;

// Trains `model` and returns its test accuracy in per cent.
double learn(Sequential& model, const gd::data::Split& data, int epochs, gd::Rng& rng) {
  gd::optim::Adam optimizer(model.parameters(), {.lr = 0.003});
  gd::data::Loader batches(data.train, {.batch_size = 32}, rng);
  for (int epoch = 0; epoch < epochs; ++epoch)
    for (auto [x, labels] : batches) {
      const gd::Tensor loss = gd::cross_entropy(model(x), labels);
      optimizer.zero_grad();
      loss.backward();
      optimizer.step();
    }
  return 100 * gd::accuracy(model, data.test);
}

int main() {
  // Exclusive or with weights by hand: h = max(0, W1·x + b1) with W1 = (1 1; 1 1) and b1 = (0, -1),
  // and the output w2·h with w2 = (1, -2).
  const gd::Tensor x = gd::Tensor::from<float>({0, 0, 0, 1, 1, 0, 1, 1}, {4, 2});
  const gd::Tensor w1 = gd::Tensor::ones({2, 2}), b1 = gd::Tensor::from({0.f, -1.f});
  const gd::Tensor w2 = gd::Tensor::from({1.f, -2.f});
  const gd::Tensor h = gd::relu(gd::linear(x, w1, b1));
  fmt::print("0 xor 0, 0 xor 1, 1 xor 0, 1 xor 1 by hand: {}\n",
             gd::matmul(h, w2).to_vector<float>());

  // Weights found by training, for points of the plane and for digits.
  gd::Rng rng(1);
  struct Task {
    const char* name;
    gd::data::Split data;
    int64_t inputs, hidden, classes;
    int epochs;
  };
  const std::vector<Task> tasks{{"xor", gd::data::exclusive_or({.noise = 0.02}, rng), 2, 16, 2, 50},
                                {"spirals", gd::data::spirals({}, rng), 2, 64, 3, 100},
                                {"digits", gd::data::digits(), 28 * 28, 64, 10, 15}};
  fmt::print("test accuracy, %  one layer  two layers\n");
  for (const Task& task : tasks) {
    Sequential one{Flatten(), Dense(task.inputs, task.classes, rng)};
    Sequential two{Flatten(), Dense(task.inputs, task.hidden, rng), ReLU(),
                   Dense(task.hidden, task.classes, rng)};
    const double first = learn(one, task.data, task.epochs, rng);
    const double second = learn(two, task.data, task.epochs, rng);
    fmt::print("{:<16}  {:9.1f}  {:10.1f}\n", task.name, first, second);
  }

  // The loop of learn() in one line.
  const auto [train, test] = gd::data::digits();
  Sequential fitted{Flatten(), Dense(28 * 28, 64, rng), ReLU(), Dense(64, 10, rng)};
  Sequential looped = fitted;
  gd::Rng same = rng;
  learn(looped, {train, test}, 2, rng);
  gd::optim::Adam optimizer(fitted.parameters(), {.lr = 0.003});
  gd::train::fit(fitted, optimizer, train, {.epochs = 2, .batch_size = 32}, same);
  fmt::print("fit gives the weights of the loop, bit for bit: {}\n",
             looped.parameters()[0].second.to_vector<float>() ==
                 fitted.parameters()[0].second.to_vector<float>());
}
