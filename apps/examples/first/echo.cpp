// A recurrent network that repeats what it heard three steps before: it has to remember.
#include <gradus.hpp>

namespace gd = gradus;
using gd::layers::Dense, gd::layers::RNN, gd::layers::Sequential;

int main() {
  gd::Rng rng(1);
  Sequential model{RNN({.input = 1, .hidden = 32}, rng), Dense(32, 1, rng)};
  gd::optim::Adam optimizer(model.parameters(), {.lr = 0.003});
  const gd::Slice all, after_three{3}, before_the_last_three{.stop = -3};

  // Numbers of variance 1: whoever remembers nothing answers 0 and has a loss of 1.
  const auto sequences = [&](int64_t count) { return gd::randn({count, 20, 1}, rng); };
  for (int step = 0; step <= 600; ++step) {
    const gd::Tensor x = sequences(32);
    const gd::Tensor answer = model(x)(all, after_three);
    const gd::Tensor loss = gd::mse_loss(answer, x(all, before_the_last_three));
    if (step % 200 == 0) fmt::print("step {:3}: loss {:.4f}\n", step, loss.item());
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
  }

  const gd::NoGrad no_grad;
  const gd::Tensor x = sequences(1);
  fmt::print("heard    {:.2}\n", x(0, gd::Slice{0, 6}, 0));
  fmt::print("repeated {:.2}\n", model(x)(0, gd::Slice{3, 9}, 0));
}
