// Hint: for AND both weights are equal, and the bias lets z rise above 0 only if both inputs are 1.
// The loop is that of the chapter's program. For fourth_sum: which of w₁, w₂, b is z for (0, 0)?
#include "apps/exercises/exercise.hpp"
#include EXERCISE

static const char* const inputs[] = {"(0, 0)", "(0, 1)", "(1, 0)", "(1, 1)"};

void check() {
  const Neuron neuron = and_by_hand();
  for (const int x1 : {0, 1})
    for (const int x2 : {0, 1}) {
      const double y = 1 / (1 + std::exp(-(neuron.w1 * x1 + neuron.w2 * x2 + neuron.b)));
      exercise::expect(
          x1 + x2 == 2 ? y > 0.95 : y < 0.05,
          fmt::format("the neuron by hand answers {:.3g} to {}, it should be {}", y,
                      inputs[2 * x1 + x2], x1 + x2 == 2 ? "above 0.95" : "below 0.05"));
    }

  const auto learned = [](const char* name, std::initializer_list<double> targets) {
    const Learned got = learn(gd::Tensor::from(targets));
    exercise::expect(got.answers.size() == 4,
                     fmt::format("learn gives {} answers, it should give 4", got.answers.size()));
    fmt::print("{:<12} answers {:.2f}, loss {:.3f}\n", name, fmt::join(got.answers, ", "),
               got.loss);
    return got;
  };
  const Learned conjunction = learned("and", {0, 0, 0, 1});
  for (std::size_t i = 0; i < 4; ++i)
    exercise::expect_near(fmt::format("the learned answer of AND to {}", inputs[i]),
                          conjunction.answers[i], i == 3, 0.05);
  exercise::expect(
      conjunction.loss < 0.05,
      fmt::format("the loss of AND is {:.3g}, it should be below 0.05", conjunction.loss));
  exercise::expect(
      conjunction.loss > 0.001,
      fmt::format("the loss of AND is {:.3g}: 2000 steps with the rate 1 can't get so far. "
                  "Are the gradients 0 before each backward()?",
                  conjunction.loss));

  const Learned exclusive = learned("exclusive or", {0, 1, 1, 0});
  for (std::size_t i = 0; i < 4; ++i)
    exercise::expect_near(fmt::format("the learned answer of exclusive or to {}", inputs[i]),
                          exclusive.answers[i], 0.5, 0.01);
  exercise::expect_near("the loss of exclusive or", exclusive.loss, std::log(2), 0.001);

  exercise::expect_near("fourth_sum(1, 2, 4)", fourth_sum(1, 2, 4), 5, 1e-9);
  gd::Rng rng(1);
  for (int i = 0; i < 10; ++i) {
    const double w1 = rng.normal(), w2 = rng.normal(), b = rng.normal();
    exercise::expect_near(fmt::format("fourth_sum({:.3f}, {:.3f}, {:.3f})", b, w2 + b, w1 + b),
                          fourth_sum(b, w2 + b, w1 + b), w1 + w2 + b, 1e-9);
  }
}
