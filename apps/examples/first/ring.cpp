// A generative adversarial network that learns eight clusters on a circle.
#include <gradus.hpp>
#include <numbers>

namespace gd = gradus;
using gd::layers::Dense, gd::layers::LeakyReLU, gd::layers::Sequential;

Sequential network(int64_t inputs, int64_t outputs, gd::Rng& rng) {
  return Sequential{Dense(inputs, 64, rng), LeakyReLU(0.2), Dense(64, 64, rng), LeakyReLU(0.2),
                    Dense(64, outputs, rng)};
}

int main() {
  gd::Rng rng(1);
  const gd::Tensor angle = gd::arange(0, 8) * (std::numbers::pi / 4);
  const gd::Tensor centres = gd::stack({angle.cos(), angle.sin()}, 1);
  Sequential generator = network(4, 2, rng), critic = network(2, 1, rng);
  const gd::optim::AdamOptions options{.lr = 0.001, .beta1 = 0.5};
  gd::optim::Adam forger(generator.parameters(), options), judge(critic.parameters(), options);
  const auto loss = [](const gd::Tensor& scores, double target) {
    return gd::binary_cross_entropy_with_logits(scores, gd::full_like(scores, target));
  };
  for (int step = 1; step <= 2000; ++step) {
    const gd::Tensor clusters = gd::randint(0, 8, {128}, rng);
    const gd::Tensor real = centres[clusters] + 0.05 * gd::randn({128, 2}, rng);
    const gd::Tensor fake = generator(gd::randn({128, 4}, rng));
    judge.zero_grad();  // the critic learns to tell real from fake …
    (loss(critic(real), 1) + loss(critic(fake.detach()), 0)).backward();
    judge.step();
    forger.zero_grad();  // … and the generator to be taken for real
    loss(critic(fake), 1).backward();
    forger.step();
    if (step % 500 != 0) continue;
    // Each point from each centre: (128, 1, 2) and (8, 2) broadcast to (128, 8, 2).
    const gd::Tensor distance = gd::norm(fake.detach().unsqueeze(1) - centres, 2, 2);
    fmt::print("step {:4}: {} of 8 clusters have points, {:.0f} % of the points are in one\n", step,
               (distance < 0.2).any(0).sum().item(), (distance < 0.2).sum().item() / 1.28);
  }
}
