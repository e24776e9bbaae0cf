// Attention: one head by hand, why √d, what a head finds, and why it needs positions.
#include <apps/pictures/plot.hpp>
#include <gradus.hpp>

namespace gd = gradus;
using gd::matmul, gd::Slice, gd::Tensor, gd::layers::Dense, gd::layers::Sequential;
// How much of each step's value each step takes, (n, steps, steps), for q and k (n, steps, d).
Tensor weights_of(const Tensor& q, const Tensor& k) {
  const Tensor scores = matmul(q, k.transpose(1, 2)) / std::sqrt(q.size(2));
  return gd::where(gd::tril(gd::ones_like(scores)) > 0, scores, -INFINITY).softmax(2);
}
struct Head : gd::layers::Layer<Head> {
  Dense project;   // to queries, keys and values side by side
  Tensor weights;  // for the last input
  explicit Head(gd::Rng& rng) : project(32, 3 * 64, rng) {}
  Tensor forward(const Tensor& x) override {
    const gd::Tensors qkv = gd::chunk(project(x), 3, 2);
    weights = weights_of(qkv[0], qkv[1]);
    return matmul(weights, qkv[2]);
  }
  void members(gd::layers::Members& members) override { members.child("project", project); }
  std::string description() const override { return "Head"; }
};
// Inputs (n, 16, 32), and the classes that are asked for at the last steps.
using Sequences = std::pair<Tensor, Tensor>;
// Eight keys with their values, then the keys in another order: what were their values?
Sequences look_up(int64_t n, gd::Rng& rng) {
  const Tensor told = argsort(gd::rand({n, 8}, rng)), asked = argsort(gd::rand({n, 8}, rng));
  const Tensor value_of = gd::randint(0, 8, {n, 8}, rng);
  const Tensor keys = gd::cat({told, asked}, 1), values = gather(value_of, 1, told);
  const Tensor padded = gd::pad(gd::one_hot(values, 16), {0, 0, 0, 8});
  return {gd::cat({gd::one_hot(keys, 16), padded}, 2), gather(value_of, 1, asked)};
}
// Symbols: which one stood three steps before?
Sequences three_back(int64_t n, gd::Rng& rng) {
  const Tensor symbols = gd::randint(0, 8, {n, 16}, rng);
  return {gd::one_hot(symbols, 32), symbols(Slice{}, Slice{0, 13})};
}
Sequences numbered(int64_t n, gd::Rng& rng) {
  const auto [x, classes] = three_back(n, rng);
  return {x + gd::pad(gd::eye(16, 16), {16, 0}), classes};
}
// Trains on new sequences in each step, and returns the accuracy on others.
double learn(Sequential& model, Sequences task(int64_t, gd::Rng&), gd::Rng& rng) {
  gd::optim::Adam optimizer(model.parameters(), {.lr = 0.01});
  for (int step = 0;; ++step) {
    const auto [x, classes] = task(step < 400 ? 32 : 500, rng);
    const Tensor scores = model(x)(Slice{}, Slice{16 - classes.size(1), 16}).reshape({-1, 8});
    if (step == 400) return 100 * gd::accuracy(scores, classes.flatten());
    optimizer.zero_grad();
    gd::cross_entropy(scores, classes.flatten()).backward();
    optimizer.step();
  }
}
int main() {
  gd::Rng random(1);
  const auto peak = [](const Tensor& scores) { return scores.softmax(1).amax(1).mean().item(); };
  for (const int64_t d : {4, 64, 1024}) {
    const Tensor s = matmul(gd::randn({1000, d}, random), gd::randn({16, d}, random).t());
    fmt::print("d = {:4}: peak {:.2f}, with √d {:.2f}\n", d, peak(s), peak(s / std::sqrt(d)));
  }
  gd::pictures::Sheet sheet{"Look up, three back, numbered", "rows look at columns", 180, 180};
  fmt::print("accuracy, %  look up   three back     numbered\n");
  for (const bool is_gru : {true, false}) {
    fmt::print("{}", is_gru ? "GRU " : "head");
    for (const auto task : {look_up, three_back, numbered}) {
      std::vector<double> accuracies;
      for (const int seed : {3, 2, 1}) {
        gd::Rng rng(seed);
        Sequential model{Head(rng), Dense(64, 8, rng)};
        if (is_gru) model.replace(0, gd::layers::GRU({.input = 32, .hidden = 64}, rng));
        accuracies.push_back(learn(model, task, rng));
        if (seed == 1 && !is_gru) sheet.add(1 - dynamic_cast<Head&>(model[0]).weights[0]);
      }
      fmt::print(" {:>12}", gd::to_string(gd::estimate(accuracies), 1));
    }
    fmt::print("\n");
  }
  gd::pictures::save("attention.svg", sheet);
}
