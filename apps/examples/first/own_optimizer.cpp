// An optimizer of one's own: momentum, beside the library's, in Rosenbrock's valley.
#include <gradus.hpp>

namespace gd = gradus;

// v ← 0.9·v + g, θ ← θ − lr·v. The base class keeps v for each parameter, counts steps and saves.
class Momentum : public gd::optim::Optimizer {
 public:
  Momentum(const gd::NamedTensors& parameters, double lr)
      : Optimizer("momentum", parameters, {.lr = lr, .state = {"velocity"}}) {}

 private:
  void update(const Target& target) override {
    gd::Tensor& v = target.state[0];
    v *= 0.9;
    v += target.gradient;
    target.parameter -= target.lr * v;
  }
};

// (1 − x)² + 100·(y − x²)² after 2000 steps; it is 0 at (1, 1), the end of a curved valley.
void descend(const char* name, gd::optim::Optimizer& optimizer, const gd::Tensor& p) {
  const auto valley = [&] { return (1 - p[0]).square() + 100 * (p[1] - p[0].square()).square(); };
  for (int step = 0; step < 2000; ++step) {
    optimizer.zero_grad();
    valley().backward();
    optimizer.step();
  }
  fmt::print("{}: {:.6f} at {:.4}\n", name, valley().item(), p.detach());
}

int main() {
  gd::Tensor p = gd::Tensor::from({-1.0, 1.0}).set_requires_grad(), q = p.clone().detach();
  Momentum own({{"p", p}}, 0.0005);
  gd::optim::SGD librarys({{"q", q.set_requires_grad()}}, {.lr = 0.0005, .momentum = 0.9});
  descend("own", own, p);
  descend("library's", librarys, q);
  for (const auto& [name, tensor] : own.state_dict()) fmt::print("{}: {:.4}\n", name, tensor);
}
