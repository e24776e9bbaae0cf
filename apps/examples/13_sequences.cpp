// Sequences: backpropagation through time by hand, and what RNN, LSTM and GRU remember.
#include <apps/pictures/plot.hpp>
#include <gradus.hpp>

namespace gd = gradus;
using gd::matmul, gd::Slice, gd::Tensor;
using namespace gd::layers;
// The states of hₜ = tanh(xₜ·Wᵀ + hₜ₋₁·Uᵀ) for x (n, steps, inputs), from h₀ = 0 on.
gd::Tensors states_of(const Tensor& x, const Tensor& w, const Tensor& u) {
  gd::Tensors h{Tensor::zeros({x.size(0), u.size(0)})};
  for (int64_t t = 0; t < x.size(1); ++t)
    h.push_back(gd::tanh(matmul(x(Slice{}, t), w.t()) + matmul(h.back(), u.t())));
  return h;
}
// The gradients of W and U for that of the last state. Each step uses both, and adds its share.
gd::Tensors through_time(const Tensor& x, const Tensor& u, gd::Tensors h, Tensor by_h) {
  Tensor by_w = Tensor::zeros({u.size(0), x.size(2)}), by_u = Tensor::zeros(u.shape());
  for (int64_t t = x.size(1) - 1; t >= 0; --t) {
    const Tensor delta = by_h * (1 - h.back().square());
    h.pop_back();
    by_w += matmul(delta.t(), x(Slice{}, t));
    by_u += matmul(delta.t(), h.back());
    by_h = matmul(delta, u);
  }
  return {by_w, by_u};
}
// Sequences of ±1 with a channel that marks a place in the first half: its value is the class.
std::pair<Tensor, Tensor> to_remember(int64_t count, int64_t steps, gd::Rng& rng) {
  const Tensor bits = gd::randint(0, 2, {count, steps}, rng);
  const Tensor place = gd::randint(0, steps / 2, {count}, rng);
  return {gd::stack({2 * bits.to(gd::DType::f32) - 1, gd::one_hot(place, steps)}, 2),
          gd::gather(bits, 1, place.unsqueeze(1)).squeeze(1)};
}
// Trains a layer on new sequences in each step, and measures its accuracy on others.
template <class Layer>
void learn(const char* name, auto& charts, std::optional<double> bias = {}) {
  const RecurrentOptions options{.input = 2, .hidden = 16, .forget_bias = bias, .last_only = true};
  fmt::print("{:<19}", name);
  for (auto& chart : charts) chart.line(name, {});
  for (const int64_t steps : {5, 10, 15, 20}) {
    Tensor accuracies = Tensor::zeros({3});
    for (const int seed : {0, 1, 2}) {
      gd::Rng rng(seed + 1);
      Sequential model{Layer(options, rng), Dense(options.hidden, 2, rng)};
      gd::optim::Adam optimizer(model.parameters(), {.lr = 0.01});
      for (int step = 0; step < 500; ++step) {
        const auto [x, classes] = to_remember(32, steps, rng);
        const Tensor loss = gd::cross_entropy(model(x), classes);
        if (steps == 20 && seed == 0) charts[1].series.back().add(step, loss.item());
        optimizer.zero_grad();
        loss.backward();
        optimizer.step();
      }
      const auto [x, classes] = to_remember(500, steps, rng);
      accuracies.assign({seed}, 100 * gd::accuracy(model(x), classes));
    }
    charts[0].series.back().add(steps, accuracies.mean().item());
    fmt::print("{:7.1f} ± {:4.1f}", accuracies.mean().item(), gd::std(accuracies).item());
  }
  fmt::print("\n");
}
int main() {
  gd::Rng rng(1);
  const Tensor x = gd::randn({4, 10, 3}, rng), by_last = gd::randn({4, 5}, rng);
  Tensor w = (0.5 * gd::randn({5, 3}, rng)).set_requires_grad();
  Tensor u = (0.5 * gd::randn({5, 5}, rng)).set_requires_grad();
  const gd::Tensors states = states_of(x, w, u);
  states.back().backward(by_last, true);
  const gd::Tensors by_hand = gd::no_grad([&] { return through_time(x, u, states, by_last); });
  fmt::print("W as by autograd: {}\n", gd::allclose(by_hand[0], w.grad()));
  fmt::print("U as by autograd: {}\n", gd::allclose(by_hand[1], u.grad()));
  fmt::print("accuracy, %            5 steps      10 steps      15 steps      20 steps\n");
  std::vector<gd::pictures::Chart> charts{{"What they remember", "steps", "test accuracy (%)"},
                                          {"Training on 20 steps, seed 1", "batch", "loss"}};
  learn<RNN>("RNN", charts);
  learn<LSTM>("LSTM", charts);
  learn<GRU>("GRU", charts);
  learn<LSTM>("LSTM, forget bias 1", charts, 1);
  gd::pictures::save("sequences.svg", charts);
}
