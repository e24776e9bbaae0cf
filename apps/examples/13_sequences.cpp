// Sequences: backpropagation through time by hand, and what RNN, LSTM and GRU remember.
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
  const Tensor classes = gd::gather(bits, 1, place.unsqueeze(1)).squeeze(1);
  return {gd::stack({2 * bits.to(gd::DType::f32) - 1, gd::one_hot(place, steps)}, 2), classes};
}

// Trains a layer on new sequences in each step, and returns its accuracy on others.
template <class Layer>
double accuracy_of(const RecurrentOptions& options, int64_t steps, gd::Rng rng) {
  Sequential model{Layer(options, rng), Dense(options.hidden, 2, rng)};
  gd::optim::Adam optimizer(model.parameters(), {.lr = 0.01});
  for (int step = 0; step < 500; ++step) {
    const auto [x, classes] = to_remember(32, steps, rng);
    optimizer.zero_grad();
    gd::cross_entropy(model(x), classes).backward();
    optimizer.step();
  }
  const auto [x, classes] = to_remember(500, steps, rng);
  return gd::accuracy(model(x), classes);
}

template <class Layer>
void print_means(const char* name, const RecurrentOptions& options) {
  fmt::print("{:<20}", name);
  for (const int64_t steps : {5, 10, 20}) {
    double sum = 0;
    for (const uint64_t seed : {1, 2, 3}) sum += accuracy_of<Layer>(options, steps, gd::Rng(seed));
    fmt::print("{:9.1f}", 100 * sum / 3);
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
  fmt::print("accuracy, %           5 steps 10 steps 20 steps\n");
  RecurrentOptions options{.input = 2, .hidden = 16, .last_only = true};
  print_means<RNN>("RNN", options);
  print_means<LSTM>("LSTM", options);
  print_means<GRU>("GRU", options);
  options.forget_bias = 1;
  print_means<LSTM>("LSTM, forget bias 1", options);
}
