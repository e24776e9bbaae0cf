// A NaN and where it comes from: anomaly mode names the layer and the operation.
#include <gradus.hpp>

namespace gd = gradus;
using gd::layers::Dense, gd::layers::FunctionLayer, gd::layers::ReLU;

gd::Tensor safe_sqrt(const gd::Tensor& x) {
  return gd::sqrt(x + 1e-6);
}

// Two steps with this layer for the root.
template <class Root>
void train() {
  gd::Rng rng(1);
  gd::layers::Sequential model{Dense(4, 8, rng), ReLU(), Root(), Dense(8, 1, rng)};
  gd::optim::SGD optimizer(model.parameters(), {.lr = 0.01});
  const gd::Tensor x = gd::randn({16, 4}, rng);
  for (int step = 1; step <= 2; ++step) {
    optimizer.zero_grad();
    const gd::Tensor loss = model(x).square().mean();
    loss.backward();
    optimizer.step();
    fmt::print("step {}: loss {:.4f}\n", step, loss.item());
  }
}

int main() {
  using Root = FunctionLayer<"Root", gd::sqrt>;
  train<Root>();
  const gd::AnomalyMode anomaly_mode;  // until the end of main()
  try {
    train<Root>();
  } catch (const gd::AnomalyError& error) {
    fmt::print("{}\n", error.what());
  }
  // At 0 the derivative of the root is infinite and that of ReLU 0, and ∞·0 is NaN. Not so here:
  train<FunctionLayer<"SafeRoot", safe_sqrt>>();
}
