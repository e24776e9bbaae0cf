// A line through points by hand: no layers and no optimizer, only a loss and its gradient.
#include <gradus.hpp>

namespace gd = gradus;

int main() {
  // 100 points around the line y = 2x + 1.
  gd::Rng rng(1);
  const gd::Tensor x = gd::randn({100}, rng), noise = gd::randn({100}, rng);
  const gd::Tensor y = 2 * x + 1 + 0.1 * noise;

  gd::Tensor w = gd::Tensor::scalar(0).set_requires_grad();
  gd::Tensor b = gd::Tensor::scalar(0).set_requires_grad();
  for (int step = 0; step <= 60; ++step) {
    const gd::Tensor loss = (w * x + b - y).square().mean();
    if (step % 20 == 0)
      fmt::print("step {:2}: loss {:.4f}, y = {:.3f}x + {:.3f}\n", step, loss.item(), w.item(),
                 b.item());
    loss.backward();           // w.grad() and b.grad() are the derivatives of the loss
    const gd::NoGrad no_grad;  // the step itself isn't differentiated
    w -= 0.1 * w.grad();
    b -= 0.1 * b.grad();
    w.zero_grad();  // otherwise the next gradient would be added
    b.zero_grad();
  }
}
