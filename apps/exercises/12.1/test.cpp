// Hint: last.weight and last.bias are tensors, and fill(0) changes one. They require a gradient, so
// change them in gd::no_grad([&] { … }), before `last` is copied into the Sequential.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

void check() {
  gd::Rng rng(1);
  Residual block = copying_block(4, rng);
  const gd::Tensor x = gd::randn({2, 4, 5, 5}, rng).set_requires_grad();
  const gd::Tensor upstream = gd::randn({2, 4, 5, 5}, rng);
  const gd::Tensor y = block(x);
  exercise::expect_near("the output of the block for x", y, x, 1e-6);
  const gd::Tensor by_x = gd::grad({y}, {x}, {.grad_outputs = {upstream}, .retain_graph = true})[0];
  exercise::expect_near("the gradient that the block passes on", by_x, upstream, 1e-5);

  // It is a start only: the last weight learns in the first step, the others after it.
  std::vector<gd::Tensor> kernels;
  for (const auto& [name, weight] : block.parameters())
    if (weight.rank() == 4) kernels.push_back(weight);
  exercise::expect(kernels.size() == 2, fmt::format("the block has {} convolutions, it should have "
                                                    "2",
                                                    kernels.size()));
  exercise::expect(gd::norm(kernels[0]).item() > 0.1,
                   "the first convolution of F should keep its random weights");
  y.backward(upstream);
  exercise::expect(gd::norm(kernels[1].grad()).item() > 0.1,
                   "the last convolution of F has no gradient: it can't learn");
  gd::optim::SGD optimizer(block.parameters(), {.lr = 0.01});
  optimizer.step();
  exercise::expect(gd::norm(block(x) - x).item() > 1e-3, "the block doesn't change by a step");

  // Ten blocks: how much larger is the gradient at the input than at the output?
  const auto growth = [&](bool copying) {
    gd::Tensor h = x;
    std::vector<Residual> blocks;
    for (int i = 0; i < 10; ++i) {
      if (copying)
        blocks.push_back(copying_block(4, rng));
      else
        blocks.push_back(Residual(Sequential{BatchNorm2d(4), ReLU(), convolution(4, rng),
                                             BatchNorm2d(4), ReLU(), convolution(4, rng)}));
      h = blocks.back()(h);
    }
    const gd::Tensor gradient = gd::grad({h}, {x}, {.grad_outputs = {upstream}})[0];
    return gd::norm(gradient).item() / gd::norm(upstream).item();
  };
  const double usual = growth(false), of_copies = growth(true);
  fmt::print(
      "through ten usual blocks the gradient becomes {:.3f} times as large, through ten that "
      "copy {:.3f} times\n",
      usual, of_copies);
  exercise::expect_near("the factor of the gradient through ten blocks", of_copies, 1, 1e-4);
}
