#include "data/transform/warp.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

using namespace gradus;
using data::Affine;
using data::ElasticField;
using data::Warp;
using data::warped;

namespace {

using Values = std::vector<float>;

// 1 2 3
// 4 5 6
// 7 8 9
const Tensor nine = Tensor::from(Values{1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 3, 3});

Values moved(const Tensor& image, const Affine& affine) {
  return warped(image, {.height = image.size(1), .width = image.size(2), .affine = affine})
      .to_vector<float>();
}

}  // namespace

TEST_CASE("quarter turns move pixels onto pixels, counterclockwise") {
  CHECK(moved(nine, Affine::rotation(90)) == Values{3, 6, 9, 2, 5, 8, 1, 4, 7});
  CHECK(moved(nine, Affine::rotation(-90)) == Values{7, 4, 1, 8, 5, 2, 9, 6, 3});
  CHECK(moved(nine, Affine::rotation(180)) == Values{9, 8, 7, 6, 5, 4, 3, 2, 1});
  CHECK(moved(nine, Affine::rotation(360)) == nine.to_vector<float>());

  Rng rng(1);
  const Tensor image = rand({1, 28, 28}, rng);
  const Values from = image.to_vector<float>(), turned = moved(image, Affine::rotation(90));
  Values transposed_and_flipped(from.size());
  for (std::size_t y = 0; y < 28; ++y)
    for (std::size_t x = 0; x < 28; ++x)
      transposed_and_flipped[(27 - x) * 28 + y] = from[y * 28 + x];
  CHECK(turned == transposed_and_flipped);
}

TEST_CASE("a shift moves pixels to the right and down, black following") {
  CHECK(moved(nine, Affine::shift(1, 0)) == Values{0, 1, 2, 0, 4, 5, 0, 7, 8});
  CHECK(moved(nine, Affine::shift(0, -2)) == Values{7, 8, 9, 0, 0, 0, 0, 0, 0});
  CHECK(moved(nine, Affine::shift(0.5, 0)) == Values{0.5, 1.5, 2.5, 2, 4.5, 5.5, 3.5, 7.5, 8.5});
  CHECK(moved(nine, Affine::shift(100, 1e6)) == Values(9, 0));
}

TEST_CASE("a flip exchanges left and right, in every channel") {
  const Tensor image = Tensor::from(Values{1, 2, 3, 4, 5, 6, 7, 8}, {2, 1, 4});
  CHECK(moved(image, Affine::flip()) == Values{4, 3, 2, 1, 8, 7, 6, 5});
}

TEST_CASE("zoom enlarges about the centre, and shear leans to the right") {
  CHECK(moved(nine, Affine::zoom(2)) == Values{3, 3.5, 4, 4.5, 5, 5.5, 6, 6.5, 7});
  CHECK(moved(nine, Affine::zoom(0.5)) == Values{0, 0, 0, 0, 5, 0, 0, 0, 0});
  const Values sheared = moved(nine, Affine::shear(45));
  const Values wanted{0, 1, 2, 4, 5, 6, 8, 9, 0};
  for (std::size_t i = 0; i < 9; ++i) CHECK(sheared[i] == doctest::Approx(wanted[i]));
}

TEST_CASE("movements are composed in the order in which they happen") {
  const Affine turn = Affine::rotation(90), step = Affine::shift(1, 0);
  CHECK(moved(nine, turn.then(step)) == Values{0, 3, 6, 0, 2, 5, 0, 1, 4});
  CHECK(moved(nine, step.then(turn)) == Values{2, 5, 8, 1, 4, 7, 0, 0, 0});
}

TEST_CASE("a displacement is added to each pixel's position") {
  Warp warp{.height = 3, .width = 3, .dx = Values(9, 0), .dy = Values(9, 0)};
  warp.dx[0] = 1;
  warp.dy[4] = -0.5;
  CHECK(warped(nine, warp).to_vector<float>() == Values{2, 2, 3, 4, 3.5, 6, 7, 8, 9});
}

TEST_CASE("an elastic field is smooth, with the deviation that theory gives it") {
  Rng rng(7);
  constexpr double alpha = 34, sigma = 4;
  Warp warp{.height = 200, .width = 150};
  ElasticField(alpha, sigma).add_to(warp, rng);
  // In the middle, where the kernel meets no edge: α·√(1/3)·Σk², Σk² = 1/(2√π·σ) a dimension.
  const double wanted = alpha / std::sqrt(3.0) / (2 * std::sqrt(std::acos(-1.0)) * sigma);
  for (const Values& field : {warp.dx, warp.dy}) {
    double squares = 0, steps = 0, count = 0;
    for (std::size_t y = 12; y < 188; ++y)
      for (std::size_t x = 12; x < 138; ++x, ++count) {
        squares += field[y * 150 + x] * field[y * 150 + x];
        steps = std::max(steps, std::abs(double{field[y * 150 + x]} - field[y * 150 + x + 1]));
      }
    CHECK(std::sqrt(squares / count) == doctest::Approx(wanted).epsilon(0.15));
    CHECK(steps < 1.5);
  }
  CHECK(warp.dx != warp.dy);
}

TEST_CASE("an elastic field is the convolution of its noise with a Gaussian, edges included") {
  // α of one draw at a time: the field is linear in the noise, which the same generator repeats.
  const auto field = [](double alpha, double sigma) {
    Rng rng(2);
    Warp warp{.height = 5, .width = 9};
    ElasticField(alpha, sigma).add_to(warp, rng);
    return warp.dx;
  };
  const Values noise = field(1, 0.1);  // so narrow that it is the noise itself
  const Values smooth = field(1, 2);
  for (int y = 0; y < 5; ++y)
    for (int x = 0; x < 9; ++x) {
      double sum = 0, total = 0;
      for (int i = -6; i <= 6; ++i) total += std::exp(-i * i / 8.0);
      for (int v = 0; v < 5; ++v)
        for (int u = 0; u < 9; ++u)
          if (std::abs(u - x) <= 6 && std::abs(v - y) <= 6)
            sum += std::exp(-((u - x) * (u - x) + (v - y) * (v - y)) / 8.0) *
                   noise[static_cast<std::size_t>(v * 9 + u)];
      CHECK(smooth[static_cast<std::size_t>(y * 9 + x)] ==
            doctest::Approx(sum / (total * total)).epsilon(1e-4));
    }
}

TEST_CASE("warping refuses images and fields of other sizes, and elastic options out of range") {
  CHECK_THROWS_WITH_AS(warped(nine, {.height = 3, .width = 4}),
                       "[warped] the image must be (C, 3, 4), got (1, 3, 3)",
                       std::invalid_argument);
  CHECK_THROWS_WITH(warped(nine, {.height = 3, .width = 3, .dx = {1}}),
                    "[warped] displacements must have 9 values in each direction, got 1 and 0");
  CHECK_THROWS_WITH(ElasticField(-1, 4), "[elastic] alpha must be 0 to 10000, got -1");
  CHECK_THROWS_WITH(ElasticField(1, 0), "[elastic] sigma must be above 0 and at most 100, got 0");
}
