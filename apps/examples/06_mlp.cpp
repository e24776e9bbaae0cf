// A network with a hidden layer: exclusive or, spirals and digits, with one layer and with two.
#include <gradus.hpp>

namespace gd = gradus;
using gd::layers::Dense, gd::layers::Flatten, gd::layers::ReLU, gd::layers::Sequential;

// Trains `model`.
void learn(Sequential& model, const gd::data::Dataset& train, int epochs, gd::Rng& rng) {
  gd::optim::Adam optimizer(model.parameters(), {.lr = 0.003});
  gd::data::Loader batches(train, {.batch_size = 32}, rng);
  for (int epoch = 0; epoch < epochs; ++epoch)
    for (auto [x, labels] : batches) {
      const gd::Tensor loss = gd::cross_entropy(model(x), labels);
      optimizer.zero_grad();
      loss.backward();
      optimizer.step();
    }
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
  fmt::print("accuracy, %  validation: one layer  two layers  test of the better\n");
  for (const Task& task : tasks) {
    const auto [train, validation] = gd::data::stratified_split(task.data.train, 0.2, rng);
    Sequential one{Flatten(), Dense(task.inputs, task.classes, rng)};
    Sequential two{Flatten(), Dense(task.inputs, task.hidden, rng), ReLU(),
                   Dense(task.hidden, task.classes, rng)};
    learn(one, train, task.epochs, rng);
    learn(two, train, task.epochs, rng);
    const double first = gd::accuracy(one, validation), second = gd::accuracy(two, validation);
    const double tested = gd::accuracy(second > first ? two : one, task.data.test);
    fmt::print("{:<11}  {:21.1f}  {:10.1f}  {:18.1f}\n", task.name, 100 * first, 100 * second,
               100 * tested);
  }

  // The loop of learn() in one line.
  const gd::data::Dataset train = gd::data::digits().train;
  Sequential fitted{Flatten(), Dense(28 * 28, 64, rng), ReLU(), Dense(64, 10, rng)};
  Sequential looped = fitted;
  gd::Rng same = rng;
  learn(looped, train, 2, rng);
  gd::optim::Adam optimizer(fitted.parameters(), {.lr = 0.003});
  gd::train::fit(fitted, optimizer, train, {.epochs = 2, .batch_size = 32}, same);
  fmt::print("fit gives the weights of the loop, bit for bit: {}\n",
             looped.parameters()[0].second.to_vector<float>() ==
                 fitted.parameters()[0].second.to_vector<float>());
}
