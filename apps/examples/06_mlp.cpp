// A network with a hidden layer: exclusive or, spirals and digits, with one layer and with two.
#include <apps/pictures/plot.hpp>
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

// The regions of three classes on a square, and some samples.
gd::pictures::Chart regions(const char* title, Sequential& model, const gd::data::Dataset& some) {
  const gd::Tensor column = gd::linspace(-2, 2, 80).expand({80, 80});
  const gd::Tensor places = gd::stack({column, -column.t()}, 2).reshape({80 * 80, 2});
  const gd::Tensor p = gd::softmax(model(places), 1).reshape({80, 80, 3});
  gd::pictures::Chart chart{.title = title, .x_label = "x₁", .y_label = "x₂", .plot_height = 396};
  chart.image(gd::pictures::region_colours(p), {-2, 2}, {-2, 2});
  const auto [x, labels] = some.batch(0, 120);
  for (int c = 0; c < 3; ++c) {
    const gd::Tensor chosen = (labels == c) & (x.abs().amax(1) < 2);
    chart.dots(fmt::format("arm {}", c), x.t()[0][chosen], x.t()[1][chosen]);
  }
  return chart;
}

int main() {
  // Exclusive or with weights by hand: h = max(0, W1·x + b1) with W1 = (1 1; 1 1) and b1 = (0, -1),
  // and the output w2·h with w2 = (1, -2).
  const gd::Tensor x = gd::Tensor::from<float>({0, 0, 0, 1, 1, 0, 1, 1}, {4, 2});
  const gd::Tensor w1 = gd::Tensor::ones({2, 2}), b1 = gd::Tensor::from({0.f, -1.f});
  const gd::Tensor w2 = gd::Tensor::from({1.f, -2.f});
  const gd::Tensor h = gd::relu(gd::linear(x, w1, b1));
  fmt::print("0 xor 0, 0 xor 1, 1 xor 0, 1 xor 1 by hand: {}\n", gd::matmul(h, w2));

  // Weights found by training, for points of the plane and for digits.
  gd::Rng rng(1);
  std::vector<gd::pictures::Chart> charts;
  bool equal = true;
  fmt::print("accuracy, %  validation: one layer   two layers  test of the better\n");
  for (const auto& [task, data, inputs, classes, epochs] :
       {std::tuple{"xor", gd::data::exclusive_or({.noise = 0.02}, rng), 2, 2, 50},
        std::tuple{"spirals", gd::data::spirals({}, rng), 2, 3, 100},
        std::tuple{"digits", gd::data::digits(), 28 * 28, 10, 15}}) {
    std::vector<double> first, second, tested;
    for (const int seed : {1, 2, 3, 4, 5}) {
      rng = gd::Rng(seed);
      const auto [train, validation] = gd::data::stratified_split(data.train, 0.2, rng);
      Sequential one{Flatten(), Dense(inputs, classes, rng)};
      Sequential two{Flatten(), Dense(inputs, 64, rng), ReLU(), Dense(64, classes, rng)};
      learn(one, train, epochs, rng);

      // The loop of learn() in one line, for a copy of the network.
      Sequential fitted = two;
      gd::Rng same = rng;
      learn(two, train, epochs, rng);
      gd::optim::Adam optimizer(fitted.parameters(), {.lr = 0.003});
      gd::train::fit(fitted, optimizer, train, {.epochs = epochs, .batch_size = 32}, same);
      equal = equal && gd::equal(fitted.parameters()[0].second, two.parameters()[0].second);
      first.push_back(100 * gd::accuracy(one, validation));
      second.push_back(100 * gd::accuracy(two, validation));
      tested.push_back(100 * gd::accuracy(second.back() > first.back() ? two : one, data.test));
      if (seed == 1 && classes == 3)
        charts = {regions("One layer", one, train), regions("Two layers", two, train)};
    }
    fmt::print("{:<11}  {:>21}  {:>11}  {:>18}\n", task, gd::to_string(gd::estimate(first), 1),
               gd::to_string(gd::estimate(second), 1), gd::to_string(gd::estimate(tested), 1));
  }
  fmt::print("fit gives the weights of the loop, bit for bit: {}\n", equal);
  gd::pictures::save("regions.svg", charts);
}
