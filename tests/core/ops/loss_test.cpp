#include "core/ops/loss.hpp"

#include <doctest/doctest.h>

#include "core/autograd.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/indexing.hpp"
#include "core/ops/reduce.hpp"
#include "core/random.hpp"

using namespace gradus;
using doctest::Approx;

namespace {

Tensor logits() {
  return Tensor::from(std::vector<double>{2, -1, 0.5, 1, 0, 3, -2, 1}, {2, 4}).set_requires_grad();
}
Tensor labels() {
  return Tensor::from<int64_t>({3, 1});
}
Tensor weight() {
  return Tensor::from<double>({0.5, 1, 2, 3});
}

}  // namespace

TEST_CASE("weights and both kinds of label smoothing agree with PyTorch") {
  CrossEntropyOptions options{.weight = weight(), .label_smoothing = 0.2};
  CHECK(cross_entropy(logits(), labels(), options).item() == Approx(1.3179563638069405));
  options.reduction = Reduction::sum;
  CHECK(cross_entropy(logits(), labels(), options).item() == Approx(5.271825455227762));
  CHECK(
      cross_entropy(logits(), labels(), {.label_smoothing = 0.2, .smooth_wrong_classes_only = true})
          .item() == Approx(1.2186819636846187));
  CHECK(nll_loss(log_softmax(logits(), 1), labels(), {.weight = weight()}).item() ==
        Approx(1.1652652642185706));
}

TEST_CASE("fused cross-entropy equals its composed twin, value and gradient") {
  Rng rng(1);
  for (const double smoothing : {0.0, 0.3}) {
    const Tensor x = randn({300, 11}, rng, DType::f64).set_requires_grad();
    Tensor target = Tensor::empty({300}, DType::i64);
    for (int64_t i = 0; i < 300; ++i) target.mutable_data<int64_t>()[i] = rng.below(11);
    const Tensor smoothed = one_hot(target, 11, DType::f64) * (1 - smoothing) + smoothing / 11;
    const Tensor composed = mean(-sum(smoothed * log_softmax(x, 1), {1}));
    const Tensor fused = cross_entropy(x, target, {.label_smoothing = smoothing});
    CHECK(fused.item() == Approx(composed.item()).epsilon(1e-12));
    const Tensor difference = grad({fused}, {x})[0] - grad({composed}, {x})[0];
    CHECK(amax(abs(difference)).item() < 1e-15);
  }
}

TEST_CASE("losses stay finite where a naive formula wouldn't") {
  const Tensor far = Tensor::from(std::vector<double>{1000, 0, -1000}, {1, 3}).set_requires_grad();
  const Tensor loss = cross_entropy(far, Tensor::from<int64_t>({2}));
  CHECK(loss.item() == 2000);
  loss.backward();
  CHECK(far.grad().to_vector<double>() == std::vector<double>{1, 0, -1});
  CHECK(binary_cross_entropy_with_logits(Tensor::from({-1000.}), Tensor::from({1.})).item() ==
        1000);
  const Tensor p = Tensor::from({0., 1., 0.25, 0.}).set_requires_grad();
  const Tensor losses = binary_cross_entropy(p, Tensor::from({0., 1., 0.5, 1.}), Reduction::none);
  const std::vector<double> wanted{0, 0, 0.8369882167858358, 100};
  for (int64_t i = 0; i < 4; ++i)
    CHECK(losses.data<double>()[i] == Approx(wanted[static_cast<std::size_t>(i)]));
  sum(losses).backward();
  CHECK(p.grad().data<double>()[0] == 0);
  CHECK(p.grad().data<double>()[1] == 0);
  CHECK(p.grad().data<double>()[2] == Approx(-4. / 3));
}

TEST_CASE("the hinge counts wrong classes within the margin") {
  const Tensor rows = hinge_loss(logits(), labels(), 0.5, Reduction::none);
  CHECK(rows.to_vector<double>() == std::vector<double>{0.375, 0});
}

TEST_CASE("losses say what they refuse") {
  const Tensor x = Tensor::zeros({2, 3}), t = Tensor::from<int64_t>({0, 3});
  const auto check = [](auto body, const char* text) {
    CHECK_THROWS_WITH_AS(body(), text, std::invalid_argument);
  };
  check([&] { cross_entropy(x, t); }, "[cross_entropy] label 3 at position 1 is not in 0 … 2");
  check([&] { cross_entropy(x, Tensor::from<int64_t>({0})); },
        "[cross_entropy] labels (1) aren't one for each row of (2, 3)");
  check([&] { cross_entropy(x, Tensor::zeros({2})); },
        "[cross_entropy] label tensors are i64, got f32");
  check([&] { cross_entropy(Tensor::zeros({3}), t); },
        "[cross_entropy] needs rows of classes (N, C), got (3)");
  const Tensor valid = Tensor::from<int64_t>({0, 2});
  check([&] { cross_entropy(x, valid, {.weight = Tensor::ones({2})}); },
        "[cross_entropy] weight (2) isn't one for each class of (2, 3)");
  check([&] { cross_entropy(x, valid, {.weight = Tensor::ones({3}, DType::f64)}); },
        "[cross_entropy] weight is f64, the input f32");
  check([&] { cross_entropy(x, valid, {.label_smoothing = 1.5}); },
        "[cross_entropy] needs 0 ≤ label_smoothing ≤ 1, got 1.5");
  check([&] { hinge_loss(x, valid, -1); }, "[hinge_loss] needs margin ≥ 0, got -1");
  check([&] { mse_loss(x, Tensor::zeros({2})); }, "[mse_loss] input (2, 3) and target (2) differ");
  check([&] { huber_loss(x, x, 0); }, "[huber_loss] needs delta > 0, got 0");
  check([&] { distillation_loss(x, x, valid, {.temperature = 0}); },
        "[distillation_loss] needs temperature > 0, got 0");
  check([&] { binary_cross_entropy(x + 1.5, x); },
        "[binary_cross_entropy] probability 1.5 is not in 0 … 1");
  check([&] { losses().find("hing"); },
        "unknown loss 'hing': one of hinge, mse, cross-entropy, binary-cross-entropy");
}

TEST_CASE("every named loss falls when the label's logit rises") {
  for (const auto& entry : losses().entries()) {
    CAPTURE(entry.name);
    const Tensor x = Tensor::zeros({2, 3}, DType::f64).set_requires_grad();
    entry.make(x, Tensor::from<int64_t>({2, 0})).backward();
    CHECK(x.grad().data<double>()[2] < 0);
    CHECK(x.grad().data<double>()[3] < 0);
  }
}
