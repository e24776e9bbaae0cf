// LearnedPositions, SinusoidalPositions, ImagePatches, MeanOfSteps: values, gradients, errors.
#include "layers/attention/sequence_layers.hpp"

#include "core/ops/linear.hpp"
#include "core/step_memory.hpp"
#include "layers/convolution.hpp"
#include "tests/layers/check.hpp"

using namespace gradus;
using namespace gradus::layers;

namespace {

// 0, 1, 2 …
Tensor numbered(const Shape& shape) {
  return reshape(Tensor::arange(shape.numel(), DType::f64), shape);
}

}  // namespace

TEST_CASE("LearnedPositions adds the rows of its weight, from the first place on") {
  Rng rng(1);
  LearnedPositions positions(4, 2, rng);
  positions.to(DType::f64);
  const NoGrad no_grad;
  positions.weight.copy_from(numbered({4, 2}));
  CHECK(positions.description() == "LearnedPositions(4, 2)");
  check_near(positions(Tensor::zeros({2, 3, 2}, DType::f64)), {0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5});
  check_near(positions.at(Tensor::ones({1, 1, 2}, DType::f64), 3), {7, 8});
  CHECK(positions(Tensor::zeros({0, 4, 2}, DType::f64)).shape() == Shape{0, 4, 2});
  CHECK(positions(Tensor::zeros({2, 0, 2}, DType::f64)).shape() == Shape{2, 0, 2});
  LearnedPositions many(200, 50, rng);
  CHECK(mean_square(many.weight) == doctest::Approx(0.02 * 0.02).epsilon(0.05));
}

TEST_CASE("SinusoidalPositions adds sines and cosines of the place") {
  SinusoidalPositions positions;
  CHECK(positions.description() == "SinusoidalPositions()");
  CHECK(positions.parameter_count() == 0);
  const Tensor x = Tensor::ones({1, 2, 4}, DType::f64);
  check_near(positions(x), {1, 2, 1, 2, 1 + 0.8414709848078965, 1 + 0.5403023058681398,
                            1 + 0.009999833334166664, 1 + 0.9999500004166653});
  // Step 7 alone.
  check_near(positions.at(Tensor::zeros({1, 1, 2}, DType::f64), 7),
             {0.6569865987187891, 0.7539022543433046});
  CHECK(positions(Tensor::zeros({0, 3, 4})).shape() == Shape{0, 3, 4});
  CHECK(positions(Tensor::zeros({2, 0, 4})).shape() == Shape{2, 0, 4});
}

TEST_CASE("ImagePatches goes row by row, with the channels of a patch one after the other") {
  ImagePatches patches(2);
  CHECK(patches.description() == "ImagePatches(2)");
  const Tensor y = patches(numbered({1, 2, 2, 4}));
  CHECK(y.shape() == Shape{1, 2, 8});
  check_near(y, {0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15});
  check_near(ImagePatches(1)(numbered({1, 1, 2, 2})), {0, 1, 2, 3});
  CHECK(ImagePatches(4)(numbered({3, 1, 4, 4})).shape() == Shape{3, 1, 16});
  CHECK(patches(Tensor::zeros({0, 3, 4, 6})).shape() == Shape{0, 6, 12});
}

TEST_CASE("A dense layer of patches is the convolution whose stride is its kernel") {
  Rng rng(2);
  Conv2d conv({.in_channels = 3, .out_channels = 5, .kernel = 2, .stride = 2}, rng);
  const Tensor x = randn({2, 3, 4, 6}, rng);
  const NoGrad no_grad;
  const Tensor maps = conv(x);  // (2, 5, 2, 3)
  const Tensor steps = linear(ImagePatches(2)(x), reshape(conv.weight, {5, 12}), conv.bias);
  const Tensor same = reshape(permute(maps, {0, 2, 3, 1}), {2, 6, 5});
  CHECK(mean_square(steps - same) < 1e-12);
}

TEST_CASE("MeanOfSteps is the mean of each value over the steps") {
  MeanOfSteps mean_of_steps;
  CHECK(mean_of_steps.description() == "MeanOfSteps()");
  check_near(mean_of_steps(numbered({2, 3, 2})), {2, 3, 8, 9});
  check_near(mean_of_steps(numbered({1, 1, 2})), {0, 1});
  CHECK(mean_of_steps(Tensor::zeros({0, 3, 2})).shape() == Shape{0, 2});
  StepMemory memory(4);
  CHECK_THROWS_WITH_AS(mean_of_steps.next_steps(Tensor::ones({1, 1, 2}), memory),
                       "[mean_of_steps] the mean over the steps can't continue a sequence",
                       std::logic_error);
}

TEST_CASE("Gradients of the layers of sequences") {
  Rng rng(3);
  check_gradients(LearnedPositions(4, 3, rng), random_input({2, 3, 3}));
  check_gradients(SinusoidalPositions(), random_input({2, 3, 4}));
  check_gradients(ImagePatches(2), random_input({2, 2, 4, 2}));
  check_gradients(MeanOfSteps(), random_input({2, 3, 2}));
}

TEST_CASE("Errors of the layers of sequences") {
  Rng rng(4);
  check_refused([&] { LearnedPositions(0, 2, rng); },
                "[learned_positions] length must be 1 or more, got 0");
  check_refused([&] { LearnedPositions(2, 0, rng); },
                "[learned_positions] width must be 1 or more, got 0");
  check_refused([&] { ImagePatches(0); }, "[patches] size must be 1 or more, got 0");
  LearnedPositions positions(4, 2, rng);
  check_refused(
      [&] {
        positions(Tensor::zeros({1, 5, 2}));
      },
      "[learned_positions] there are 4 places of width 2, got (1, 5, 2) from place 0 on");
  check_refused(
      [&] {
        positions(Tensor::zeros({1, 4, 3}));
      },
      "[learned_positions] there are 4 places of width 2, got (1, 4, 3) from place 0 on");
  check_refused(
      [&] {
        positions.at(Tensor::zeros({1, 2, 2}), 3);
      },
      "[learned_positions] there are 4 places of width 2, got (1, 2, 2) from place 3 on");
  check_refused(
      [&] {
        positions.at(Tensor::zeros({1, 2, 2}), -1);
      },
      "[learned_positions] there are 4 places of width 2, got (1, 2, 2) from place -1 on");
  check_refused(
      [&] {
        SinusoidalPositions().at(Tensor::zeros({1, 2, 2}), -1);
      },
      "[sinusoidal_positions] the place must be 0 or more, got -1");
  check_refused(
      [&] {
        positions(Tensor::zeros({4, 2}));
      },
      "[learned_positions] needs sequences (N, L, width), got (4, 2)");
  check_refused(
      [&] {
        SinusoidalPositions()(Tensor::zeros({4, 2}));
      },
      "[sinusoidal_positions] needs sequences (N, L, width), got (4, 2)");
  check_refused(
      [&] {
        ImagePatches(3)(Tensor::zeros({1, 1, 6, 8}));
      },
      "[patches] needs images (N, C, H, W) whose sides 3 divides, got (1, 1, 6, 8)");
  check_refused(
      [&] {
        ImagePatches(3)(Tensor::zeros({1, 6, 6}));
      },
      "[patches] needs images (N, C, H, W) whose sides 3 divides, got (1, 6, 6)");
  check_refused(
      [&] {
        MeanOfSteps()(Tensor::zeros({4, 2}));
      },
      "[mean_of_steps] needs sequences (N, L, width), got (4, 2)");
  check_refused(
      [&] {
        MeanOfSteps()(Tensor::zeros({4, 0, 2}));
      },
      "[mean_of_steps] needs one step or more, got (4, 0, 2)");
}
