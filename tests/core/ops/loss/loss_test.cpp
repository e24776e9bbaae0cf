#include "core/ops/loss/loss.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>

#include "core/autograd.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/indexing.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
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

// From PyTorch's cross_entropy.
TEST_CASE("an ignored label costs nothing, whatever its logits are") {
  const Tensor rows =
      Tensor::from(std::vector<double>{2, -1, 0.5, 1, 0, 3, NAN, 1, 0.3, 0.2, 0.1, 0}, {3, 4})
          .set_requires_grad();
  const Tensor labels = Tensor::from<int64_t>({3, -100, 0});
  const Tensor loss = cross_entropy(
      rows, labels, {.weight = weight(), .label_smoothing = 0.2, .ignore_index = -100});
  CHECK(loss.item() == Approx(1.4772025517539857));
  const std::vector<double> slopes = grad({loss}, {rows})[0].to_vector<double>();
  CHECK(std::vector(slopes.begin() + 4, slopes.begin() + 8) == std::vector<double>(4, 0));
  const std::vector<double> losses =
      cross_entropy(rows, labels, {.reduction = Reduction::none, .ignore_index = -100})
          .to_vector<double>();
  CHECK(losses[0] == Approx(1.495181898085856));
  CHECK(losses[1] == 0);
  CHECK(losses[2] == Approx(1.2425355294551628));
  const Tensor ignored = Tensor::from<int64_t>({1, 1, 1});
  CHECK(cross_entropy(rows, ignored, {.reduction = Reduction::sum, .ignore_index = 1}).item() == 0);
  CHECK_THROWS_WITH(cross_entropy(rows, ignored, {.ignore_index = 1}),
                    "[cross_entropy] the mean needs at least one loss, got (0)");
  CHECK_THROWS_WITH(cross_entropy(rows, Tensor::from<int64_t>({1, 2, 4}), {.ignore_index = 1}),
                    "[cross_entropy] label at position 2 must be 0 to 3, got 4");
}

TEST_CASE("cross-entropy of places is that of their rows") {
  Rng rng(2);
  const Tensor x = randn({2, 4, 3, 2}, rng, DType::f64);
  Tensor labels = Tensor::empty({2, 3, 2}, DType::i64);
  for (int64_t i = 0; i < 12; ++i) labels.mutable_data<int64_t>()[i] = rng.below(4);
  const CrossEntropyOptions options{.reduction = Reduction::none};
  const Tensor places = cross_entropy(x, labels, options);
  REQUIRE(places.shape() == labels.shape());
  const Tensor rows = reshape(permute(x, {0, 2, 3, 1}), {12, 4});
  const Tensor flat = reshape(labels, {12});
  CHECK(places.to_vector<double>() == cross_entropy(rows, flat, options).to_vector<double>());
  CHECK(cross_entropy(x, labels).item() == cross_entropy(rows, flat).item());
  CHECK_THROWS_WITH(cross_entropy(x, flat),
                    "[cross_entropy] labels must be (N, …), one for each place of the logits "
                    "(N, C, …): labels (12), logits (2, 4, 3, 2)");
}

// Computed by PyTorch, with the paper's formula.
TEST_CASE("the focal loss has the paper's values, and is cross-entropy for gamma 0") {
  const auto loss = [](const FocalOptions& options) {
    return focal_loss(logits(), labels(), options).item();
  };
  CHECK(loss({.gamma = 0}) == Approx(cross_entropy(logits(), labels()).item()).epsilon(1e-14));
  CHECK(loss({.gamma = 0.5}) == Approx(0.6936810420033919));
  CHECK(loss({}) == Approx(0.4522143107885636));
  CHECK(loss({.alpha = weight()}) == Approx(1.3520947836083335));
  CHECK(loss({.alpha = weight(), .reduction = Reduction::sum}) == Approx(2.704189567216667));
}

TEST_CASE("the cosine embedding loss has PyTorch's values") {
  const Tensor x1 =
      Tensor::from(std::vector<double>{1, 2, -1, 0.5, -0.3, 2, 1, 0, 1, 0, 0, 0}, {4, 3});
  const Tensor x2 =
      Tensor::from(std::vector<double>{2, 1, 0.5, 1, 0.2, -1, 1, 0.5, 0.7, 1, 2, 3}, {4, 3});
  const Tensor y = Tensor::from<int64_t>({1, 1, -1, -1});
  CHECK(cosine_embedding_loss(x1, x2, y).item() == Approx(0.7029919327225665));
  CHECK(cosine_embedding_loss(x1, x2, y, 0.5).item() == Approx(0.5779919327225665));
  const Tensor rows = cosine_embedding_loss(x1, x2, y, -0.25, Reduction::none);
  const std::vector<double> wanted{0.3763904355377877, 1.5242816407408424, 1.161295654611636, 0.25};
  for (int64_t i = 0; i < 4; ++i)
    CHECK(rows.data<double>()[i] == Approx(wanted[static_cast<std::size_t>(i)]));
}

TEST_CASE("fused cross-entropy equals the composed one, with its gradient") {
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

TEST_CASE("the focal loss stays finite, and so do its derivatives, where p is 0 or rounds to 1") {
  const Tensor x =
      Tensor::from(std::vector<double>{1000, 0, -1000, 1000, 0, -1000}, {2, 3}).set_requires_grad();
  const Tensor labels = Tensor::from<int64_t>({0, 2});
  for (const double gamma : {0.5, 1.0, 2.0}) {
    CAPTURE(gamma);
    const Tensor rows = focal_loss(x, labels, {.gamma = gamma, .reduction = Reduction::none});
    CHECK(rows.to_vector<double>() == std::vector<double>{0, 2000});
    const Tensor first = grad({sum(rows)}, {x}, {.create_graph = true})[0];
    CHECK(first.to_vector<double>() == std::vector<double>{0, 0, 0, 1, 0, -1});
    const Tensor second = grad({sum(square(first))}, {x})[0];
    CHECK(second.to_vector<double>() == std::vector<double>(6, 0));
  }
}

TEST_CASE("the hinge counts wrong classes within the margin") {
  const Tensor rows = hinge_loss(logits(), labels(), 0.5, Reduction::none);
  CHECK(rows.to_vector<double>() == std::vector<double>{0.375, 0});
}

TEST_CASE("losses refuse wrong inputs and options") {
  const Tensor x = Tensor::zeros({2, 3});
  const auto check = [](auto body, const char* text) {
    CHECK_THROWS_WITH_AS(body(), text, std::invalid_argument);
  };
  const Tensor valid = Tensor::from<int64_t>({0, 2});
  check([&] { cross_entropy(x, valid, {.weight = Tensor::ones({2})}); },
        "[cross_entropy] weight must have one element for each class: (2) for logits (2, 3)");
  check([&] { cross_entropy(x, valid, {.weight = Tensor::ones({3}, DType::f64)}); },
        "[cross_entropy] weight must have the logits' type f32, got f64");
  check([&] { cross_entropy(x, valid, {.label_smoothing = 1.5}); },
        "[cross_entropy] label_smoothing must be 0 to 1, got 1.5");
  check([&] { hinge_loss(x, valid, -1); }, "[hinge_loss] margin must be 0 or more, got -1");
  check([&] { focal_loss(x, valid, {.gamma = -1}); },
        "[focal_loss] gamma must be 0 or more, got -1");
  check([&] { focal_loss(x, valid, {.alpha = Tensor::ones({2})}); },
        "[focal_loss] alpha must have one element for each class: (2) for logits (2, 3)");
  check([&] { focal_loss(x, valid, {.alpha = Tensor::ones({3}, DType::f64)}); },
        "[focal_loss] alpha must have the logits' type f32, got f64");
  check(
      [&] {
        focal_loss(Tensor::zeros({2, 1}), Tensor::from<int64_t>({0, 0}));
      },
      "[focal_loss] at least two classes are needed, got (2, 1)");
  const Tensor signs = Tensor::from<int64_t>({1, -1});
  check([&] { cosine_embedding_loss(x, x, valid); },
        "[cosine_embedding_loss] y must be 1 or -1, got 0 at position 0");
  check([&] { cosine_embedding_loss(x, x, Tensor::ones({2})); },
        "[cosine_embedding_loss] y must be i64 (N), one for each row of (2, 3), got f32 (2)");
  check([&] { cosine_embedding_loss(x, x, Tensor::from<int64_t>({1})); },
        "[cosine_embedding_loss] y must be i64 (N), one for each row of (2, 3), got i64 (1)");
  check(
      [&] {
        cosine_embedding_loss(x, Tensor::zeros({2, 2}), signs);
      },
      "[cosine_embedding_loss] x1 and x2 must be (N, D), got (2, 3) and (2, 2)");
  check([&] { cosine_embedding_loss(x, x, signs, 1.5); },
        "[cosine_embedding_loss] margin must be -1 to 1, got 1.5");
  check([&] { cosine_embedding_loss(x, x, signs, -1.5); },
        "[cosine_embedding_loss] margin must be -1 to 1, got -1.5");
  check([&] { mse_loss(x, Tensor::zeros({2})); },
        "[mse_loss] input and target must have the same shape, got (2, 3) and (2)");
  check([&] { huber_loss(x, x, 0); }, "[huber_loss] delta must be positive, got 0");
  check([&] { distillation_loss(x, x, valid, {.alpha = 1.5}); },
        "[distillation_loss] alpha must be 0 to 1, got 1.5");
  check([&] { distillation_loss(x, x, valid, {.temperature = 0}); },
        "[distillation_loss] temperature must be positive, got 0");
  check([&] { binary_cross_entropy(x + 1.5, x); },
        "[binary_cross_entropy] probabilities must be 0 to 1, got 1.5");
}

TEST_CASE("logits of minus infinity are classes without a probability") {
  const Tensor masked = Tensor::from(std::vector<double>{-INFINITY, 0}, {1, 2}).set_requires_grad();
  const auto slopes = [&](const Tensor& loss) {
    return grad({loss}, {masked})[0].to_vector<double>();
  };
  const Tensor label = Tensor::from<int64_t>({1});
  CHECK(slopes(focal_loss(masked, label)) == std::vector<double>{0, 0});
  const Tensor certain = Tensor::from(std::vector<double>{0, 1}, {1, 2});
  CHECK(soft_cross_entropy(masked, certain).item() == 0);
  CHECK(slopes(soft_cross_entropy(masked, certain)) == std::vector<double>{0, 0});
  const Tensor student = Tensor::from(std::vector<double>{1, 2, 3}, {1, 3});
  const Tensor teacher = Tensor::from(std::vector<double>{-INFINITY, 0, 1}, {1, 3});
  CHECK(distillation_loss(student, teacher, label).item() == Approx(1.11619).epsilon(1e-5));
}

TEST_CASE("binary cross-entropy with logits keeps the digits of sure predictions") {
  const Tensor logits =
      Tensor::from<float>({20, -20, 12, INFINITY, -INFINITY, INFINITY}).set_requires_grad();
  const Tensor targets = Tensor::from<float>({1, 0, 1, 1, 0, 0});
  const Tensor losses = binary_cross_entropy_with_logits(logits, targets, Reduction::none);
  const Tensor slope = grad({sum(losses)}, {logits})[0];
  const double wanted[]{2.0611536e-9, 2.0611536e-9, 6.1441933e-6, 0, 0};
  const double slopes[]{-2.0611536e-9, 2.0611536e-9, -6.1441746e-6, 0, 0};
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(std::abs(losses.data<float>()[i] - wanted[i]) <= 1e-6 * wanted[i]);
    CHECK(std::abs(slope.data<float>()[i] - slopes[i]) <= 1e-6 * wanted[i]);
  }
  CHECK(losses.data<float>()[5] == INFINITY);
  CHECK(slope.data<float>()[5] == 1);
}

TEST_CASE("a mean over labels whose weights are all 0 is refused") {
  const Tensor none = Tensor::zeros({4}, DType::f64);
  CHECK_THROWS_WITH(cross_entropy(logits(), labels(), {.weight = none}).item(),
                    "[cross_entropy] the labels' weights sum to 0: there is no mean");
  CHECK_THROWS_AS(nll_loss(logits(), labels(), {.weight = none}), std::invalid_argument);
}

TEST_CASE("every loss of classes checks logits and labels") {
  const Tensor x = Tensor::zeros({2, 3}), valid = Tensor::from<int64_t>({0, 2});
  using Loss = std::function<Tensor(const Tensor&, const Tensor&)>;
  const std::pair<const char*, Loss> losses[] = {
      {"cross_entropy", [](const Tensor& a, const Tensor& b) { return cross_entropy(a, b); }},
      {"nll_loss", [](const Tensor& a, const Tensor& b) { return nll_loss(a, b); }},
      {"hinge_loss", [](const Tensor& a, const Tensor& b) { return hinge_loss(a, b); }},
      {"focal_loss", [](const Tensor& a, const Tensor& b) { return focal_loss(a, b); }},
      {"distillation_loss",
       [](const Tensor& a, const Tensor& b) { return distillation_loss(a, a, b); }}};
  for (const auto& entry : losses) {
    const auto check = [&](const Tensor& logits, const Tensor& labels, const std::string& error) {
      CHECK_THROWS_WITH_AS(entry.second(logits, labels),
                           fmt::format("[{}] {}", entry.first, error).c_str(),
                           std::invalid_argument);
    };
    check(x, Tensor::from<int64_t>({0, 3}), "label at position 1 must be 0 to 2, got 3");
    check(x, Tensor::from<int64_t>({0}),
          "labels must be (N), one for each row of the logits: labels (1), logits (2, 3)");
    check(x, Tensor::zeros({2}), "label tensors must be i64, got f32");
    check(Tensor::zeros({3}), valid, "logits must be (N, C), got (3)");
  }
}

// From PyTorch's triplet_margin_loss.
TEST_CASE("triplet_margin_loss has PyTorch's values, and a derivative at equal rows") {
  const Tensor anchor = Tensor::from<double>({0, 1, 2, 0.5, 0, 0}, {3, 2});
  const Tensor positive = Tensor::from<double>({0, 1.5, 1, -1, 0, 0}, {3, 2});
  const Tensor negative = Tensor::from<double>({1, 1, 0.5, 0.5, 0, 1}, {3, 2});
  const auto check = [&](TripletMarginOptions options, const std::vector<double>& wanted) {
    options.reduction = Reduction::none;
    const std::vector<double> losses =
        triplet_margin_loss(anchor, positive, negative, options).to_vector<double>();
    for (std::size_t i = 0; i < 3; ++i) CHECK(losses[i] == Approx(wanted[i]));
  };
  check({}, {0.5000000000005, 1.3027760244821733, 2.4142130625737224e-06});
  check({.margin = 0.25, .p = 1, .swap = true}, {0, 1.25, 0});
  check({.margin = 2, .p = 3}, {1.5, 2.1355333700618138, 1.0000022599210499});
  const Tensor x = Tensor::ones({2}, DType::f64).set_requires_grad(),
               far = Tensor::full({2}, 1.1, DType::f64);
  triplet_margin_loss(x, x.detach(), far, {.p = INFINITY}).backward();
  for (const double slope : x.grad().to_vector<double>()) CHECK(std::isfinite(slope));
  CHECK(
      triplet_margin_loss(anchor, positive, negative, {.reduction = Reduction::batchmean}).item() ==
      Approx((0.5000000000005 + 1.3027760244821733 + 2.4142130625737224e-06) / 3));
}

TEST_CASE("triplet_margin_loss refuses other shapes and options") {
  const Tensor x = Tensor::zeros({2, 3}), row = Tensor::zeros({3});
  const auto check = [](auto body, const char* text) {
    CHECK_THROWS_WITH_AS(body(), text, std::invalid_argument);
  };
  check([&] { triplet_margin_loss(x, x, row); },
        "[triplet_margin_loss] anchor, positive and negative must be (…, D), got (2, 3), (2, 3) "
        "and (3)");
  check([&] { triplet_margin_loss(sum(x), sum(x), sum(x)); },
        "[triplet_margin_loss] anchor, positive and negative must be (…, D), got (), () and ()");
  check([&] { triplet_margin_loss(x, x, x, {.margin = 0}); },
        "[triplet_margin_loss] margin must be positive, got 0");
  check([&] { triplet_margin_loss(x, x, x, {.p = 0.5}); },
        "[triplet_margin_loss] p must be 1 or more, got 0.5");
  check([&] { triplet_margin_loss(x, x, x, {.eps = 0}); },
        "[triplet_margin_loss] eps must be positive, got 0");
}
