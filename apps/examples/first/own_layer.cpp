// A layer of one's own: an activation function whose shape is learned.
#include <gradus.hpp>

namespace gd = gradus;
using gd::layers::Dense;

// x·sigmoid(βx) with a factor β for each unit: half of x for β = 0, almost max(x, 0) for a large β.
class Swish : public gd::layers::Layer<Swish> {
 public:
  explicit Swish(int64_t units) : beta_(gd::Tensor::ones({units})) {}
  gd::Tensor forward(const gd::Tensor& x) override { return x * (beta_ * x).sigmoid(); }
  void members(gd::layers::Members& members) override { members.parameter("beta", beta_); }
  std::string description() const override { return fmt::format("Swish({})", beta_.numel()); }

 private:
  gd::layers::Parameter beta_;
};

int main() {
  gd::Rng rng(1);
  gd::layers::Sequential model{Dense(1, 16, rng), Swish(16), Dense(16, 1, rng)};
  fmt::print("{}\n", model);

  const gd::Tensor x = gd::linspace(-3, 3, 100).unsqueeze(1), y = (2 * x).sin();
  gd::optim::Adam optimizer(model.parameters(), {.lr = 0.02});
  for (int step = 0; step <= 1000; ++step) {
    const gd::Tensor loss = gd::mse_loss(model(x), y);
    if (step % 500 == 0) fmt::print("step {:4}: loss {:.5f}\n", step, loss.item());
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
  }
  fmt::print("beta, 1 at the start: {:.2}\n", model.state_dict()[2].second);
}
