// saliency, integrated_gradients.
#include "train/explanation/saliency.hpp"

#include <doctest/doctest.h>

#include "core/ops/elementwise.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "layers/activation.hpp"
#include "layers/dense.hpp"
#include "layers/dropout.hpp"
#include "layers/flatten.hpp"
#include "layers/norm/batch_norm.hpp"
#include "layers/sequential.hpp"
#include "tests/refuses.hpp"
#include "tests/same_bits.hpp"

using namespace gradus;
using testing::refuses;
using testing::same_bits;

namespace {

// x → x².
class Squares : public layers::Layer<Squares> {
 public:
  Tensor forward(const Tensor& x) override { return x * x; }
  std::string description() const override { return "Squares()"; }
};

Tensor classes_of(const std::vector<int64_t>& classes) {
  return Tensor::from(classes, {std::ssize(classes)});
}

// A dense layer with these weights (outputs, inputs).
layers::Dense dense_of(const std::vector<float>& weights, int64_t outputs) {
  Rng rng(1);
  const int64_t inputs = std::ssize(weights) / outputs;
  layers::Dense dense(inputs, outputs, rng, {.bias = false});
  dense.weight = layers::Parameter(Tensor::from(weights, {outputs, inputs}));
  return dense;
}

}  // namespace

TEST_CASE("The saliency of a linear model is the size of the class's weights") {
  layers::Sequential model{dense_of({1, -2, 3, 0, 5, -6}, 2)};
  const Tensor x = Tensor::from<float>({7, 8, 9, 1, 2, 3}, {2, 3});
  CHECK(train::saliency(model, x, classes_of({1, 0})).to_vector<float>() ==
        std::vector<float>{0, 5, 6, 1, 2, 3});
}

TEST_CASE("The saliency of an image is the largest over its channels") {
  layers::Sequential model{layers::Flatten(), dense_of({1, -7, 2, 0, -3, 4, 2, 1}, 1)};
  Rng rng(2);
  const Tensor map = train::saliency(model, randn({3, 2, 2, 2}, rng), classes_of({0, 0, 0}));
  CHECK(map.shape() == Shape{3, 2, 2});
  CHECK(slice(map, 0, 2, 3).to_vector<float>() == std::vector<float>{3, 7, 2, 1});
}

TEST_CASE("SmoothGrad is the size of the mean gradient over noisy copies") {
  layers::Sequential model{Squares(), dense_of({1, -0.5f}, 1)};
  const Tensor x = Tensor::from<float>({1, 3, -4, 0}, {2, 2});
  const Tensor classes = classes_of({0, 0});
  // The gradients are 2x and -x; the noise is half of the ranges 2 and 4.
  Tensor mean = Tensor::zeros({2, 2});
  for (uint64_t copy = 0; copy < 3; ++copy) {
    Rng rng = Rng(9).fork(copy);
    const Tensor noise = randn({2, 2}, rng) * Tensor::from<float>({1, 2}, {2, 1});
    mean = mean + (x + noise) * Tensor::from<float>({2, -1}, {2}) / 3;
  }
  const Tensor smooth =
      train::saliency(model, x, classes, {.copies = 3, .noise = 0.5, .rng = Rng(9)});
  for (int64_t i = 0; i < 4; ++i)
    CHECK(smooth.data<float>()[i] ==
          doctest::Approx(std::abs(mean.data<float>()[i])).epsilon(1e-5));
  CHECK(train::saliency(model, x, classes, {.copies = 4, .noise = 0}).to_vector<float>() ==
        std::vector<float>{2, 3, 8, 0});
}

TEST_CASE("Integrated gradients of a sum of functions are their differences to the baseline") {
  layers::Sequential model{Squares(), dense_of({1, 2, -3}, 1)};
  const Tensor x = Tensor::from<float>({1, 2, 3}, {1, 3});
  const Tensor classes = classes_of({0});
  // The midpoint rule is exact for squares.
  CHECK(train::integrated_gradients(model, x, classes, {.steps = 2}).to_vector<float>() ==
        std::vector<float>{1, 8, -27});
  CHECK(train::integrated_gradients(model, x, classes,
                                    {.baseline = Tensor::from<float>({-1, 1, 5}, {3}), .steps = 2})
            .to_vector<float>() == std::vector<float>{0, 6, 48});
}

TEST_CASE("Integrated gradients add up to the score minus that of the baseline") {
  Rng rng(3);
  layers::Sequential model{layers::Dense(4, 16, rng), layers::Tanh(), layers::Dense(16, 3, rng)};
  model.to(DType::f64);
  const Tensor x = randn({5, 4}, rng, DType::f64), from = randn({5, 4}, rng, DType::f64);
  const Tensor all = train::integrated_gradients(model, x, classes_of({0, 1, 2, 1, 0}),
                                                 {.baseline = from, .steps = 400});
  CHECK(all.dtype() == DType::f64);
  const auto scope = model.evaluation_scope();
  const Tensor change = model(x) - model(from), sums = sum(all, {1});
  const int64_t classes[] = {0, 1, 2, 1, 0};
  for (int64_t i = 0; i < 5; ++i)
    CHECK(sums.data<double>()[i] ==
          doctest::Approx(change.data<double>()[3 * i + classes[i]]).epsilon(1e-5));
}

TEST_CASE("Explanations leave the model as it is, and take its dropout for evaluation") {
  Rng rng(4);
  layers::Sequential model{layers::Dense(4, 8, rng), layers::BatchNorm1d(8), layers::ReLU(),
                           layers::Dropout(0.5, rng), layers::Dense(8, 2, rng)};
  const Tensor x = randn({6, 4}, rng), classes = classes_of({0, 1, 0, 1, 0, 1});
  sum(model(x)).backward();
  model[0].evaluate();
  const NamedTensors before = model.state_dict();
  Tensors values, gradients;
  for (const auto& [name, tensor] : before) values.push_back(tensor.clone());
  for (const auto& [name, tensor] : model.named_parameters())
    gradients.push_back(tensor.grad().clone());
  const Tensor first = train::saliency(model, x, classes, {.copies = 2});
  CHECK(same_bits(first, train::saliency(model, x, classes, {.copies = 2})));
  train::integrated_gradients(model, x, classes, {.steps = 2});
  CHECK(model.is_training());
  CHECK_FALSE(model[0].is_training());
  CHECK(model[3].is_training());
  CHECK(grad_enabled());
  CHECK_FALSE(first.requires_grad());
  std::size_t i = 0;
  for (const auto& [name, tensor] : model.state_dict()) CHECK(same_bits(tensor, values[i++]));
  i = 0;
  for (const auto& [name, tensor] : model.named_parameters())
    CHECK(same_bits(tensor.grad(), gradients[i++]));
}

TEST_CASE("Explanations also work without recording, and of many samples in parts") {
  Rng rng(5);
  layers::Sequential model{layers::Dense(4, 8, rng), layers::Tanh(), layers::Dense(8, 2, rng)};
  const Tensor x = randn({150, 4}, rng);
  const NoGrad no_grad;
  const Tensor all = train::saliency(model, x, classes_of(std::vector<int64_t>(150, 1)));
  for (const int64_t i : {0, 63, 64, 149}) {
    const Tensor one = train::saliency(model, slice(x, 0, i, i + 1), classes_of({1}));
    for (int64_t k = 0; k < 4; ++k)
      CHECK(all.data<float>()[4 * i + k] == doctest::Approx(one.data<float>()[k]).epsilon(1e-5));
  }
}

TEST_CASE("A score that doesn't depend on the input has no saliency") {
  class Constant : public layers::Layer<Constant> {
   public:
    Tensor forward(const Tensor& x) override { return Tensor::ones({x.size(0), 2}); }
    std::string description() const override { return "Constant()"; }
  };
  Constant model;
  CHECK(train::saliency(model, Tensor::ones({1, 3}), classes_of({1})).to_vector<float>() ==
        std::vector<float>{0, 0, 0});
}

TEST_CASE("Wrong arguments of saliency and integrated gradients are refused") {
  layers::Sequential model{dense_of({1, -2, 3, 0, 5, -6}, 2)};
  const Tensor x = Tensor::ones({2, 3}), classes = classes_of({1, 0});
  refuses([&] { train::saliency(model, Tensor::ones({3}), classes); },
          "[saliency] inputs must be f32 or f64 (N, …), got f32 (3)");
  refuses([&] { train::saliency(model, x, classes_of({1})); },
          "[saliency] classes must be i64 (2), got i64 (1)");
  refuses([&] { train::saliency(model, x, Tensor::ones({2})); },
          "[saliency] classes must be i64 (2), got f32 (2)");
  refuses(
      [&] {
        train::saliency(model, x, classes_of({0, 2}));
      },
      "[saliency] class at position 1 must be 0 to 1, got 2");
  refuses([&] { train::saliency(model, x, classes, {.copies = -1}); },
          "[saliency] copies must be 0 or more, got -1");
  refuses([&] { train::saliency(model, x, classes, {.copies = 2, .noise = -0.1}); },
          "[saliency] noise must be 0 or more and finite, got -0.1");
  class Line : public layers::Layer<Line> {
   public:
    Tensor forward(const Tensor& y) override { return sum(y, {1}); }
    std::string description() const override { return "Line()"; }
  };
  Line line;
  refuses([&] { train::saliency(line, x, classes); },
          "[saliency] the model must return scores (2, K), got (2)");
  refuses([&] { train::integrated_gradients(model, x, classes, {.steps = 0}); },
          "[integrated_gradients] steps must be 1 or more, got 0");
  refuses([&] { train::integrated_gradients(model, x, classes, {.baseline = Tensor::ones({2})}); },
          "[integrated_gradients] the baseline must be f32 (2, 3) or (3), got f32 (2)");
}
