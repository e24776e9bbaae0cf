#include "data/picture/fit_image.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/ops/elementwise.hpp"
#include "core/ops/shape.hpp"
#include "core/random.hpp"

using namespace gradus;
using data::fit_image;
using data::Invert;

namespace {

const Shape digit{1, 28, 28};
const data::FitImageOptions like_mnist{
    .framing = data::Framing{
        .ground = 0, .extent = 20, .by_mass = true, .row = 13.5, .column = 13.5, .stroke = 2.5}};

// 1 in a rectangle, 0 elsewhere.
Tensor rectangle(int64_t height, int64_t width, int64_t top, int64_t left, int64_t bottom,
                 int64_t right) {
  Tensor image = Tensor::zeros({1, height, width});
  for (int64_t y = top; y < bottom; ++y)
    for (int64_t x = left; x < right; ++x) image.mutable_data<float>()[y * width + x] = 1;
  return image;
}

Tensor inverted(const Tensor& image) {
  return 1.0 - image;
}

void check_near(const Tensor& a, const Tensor& b, double most) {
  REQUIRE(a.shape() == b.shape());
  double difference = 0;
  for (int64_t i = 0; i < a.numel(); ++i)
    difference = std::max(difference, std::abs(double{a.data<float>()[i]} - b.data<float>()[i]));
  CHECK(difference <= most);
}

// Fits a rectangle 60×100 far from the middle.
const Tensor expected = rectangle(28, 28, 4, 8, 24, 20);

}  // namespace

TEST_CASE("an image of the model's size and ground stays as it is, bit by bit") {
  Rng rng(1);
  const Tensor image = rand(digit, rng);
  const data::FittedImage same = fit_image(image, digit, like_mnist);
  CHECK(same.image.to_vector<float>() == image.to_vector<float>());
  CHECK(same.steps == "");
  // A light object that reaches the edge on all sides isn't taken for the ground.
  const Tensor coat = rectangle(28, 28, 0, 3, 28, 26);
  CHECK(fit_image(coat, digit, like_mnist).image.to_vector<float>() == coat.to_vector<float>());

  const Tensor seven = rectangle(28, 28, 5, 12, 25, 14);
  const data::FittedImage turned = fit_image(inverted(seven), digit, like_mnist);
  CHECK(turned.image.to_vector<float>() == seven.to_vector<float>());
  CHECK(turned.steps == "inverted");
}

TEST_CASE("an object is found, cropped, scaled to the framing's extent and put to its place") {
  const Tensor ink = rectangle(300, 200, 150, 20, 250, 80);
  const data::FittedImage white_on_black = fit_image(ink, digit, like_mnist);
  CHECK(white_on_black.steps == "cropped to 60×100, scaled to 12×20");
  check_near(white_on_black.image, expected, 1e-6);

  const data::FittedImage black_on_white = fit_image(inverted(ink), digit, like_mnist);
  CHECK(black_on_white.steps == "inverted (dark on light), cropped to 60×100, scaled to 12×20");
  check_near(black_on_white.image, expected, 1e-6);

  data::FitImageOptions light = like_mnist;
  light.framing->ground = 1;
  check_near(fit_image(inverted(ink), digit, light).image, inverted(expected), 1e-6);
  CHECK(fit_image(ink, digit, light).steps.starts_with("inverted (light on dark), "));

  // A model of colours gets them all; a large picture is measured in its own pixels.
  const data::FittedImage large =
      fit_image(rectangle(1200, 900, 600, 90, 900, 270), {3, 28, 28}, like_mnist);
  CHECK(large.steps == "cropped to 180×300, scaled to 12×20");
  for (int64_t channel = 0; channel < 3; ++channel)
    check_near(slice(large.image, 0, channel, channel + 1), expected, 1e-6);
}

TEST_CASE("paper, ink and noise of a photo become black and white") {
  const Tensor ink = rectangle(300, 200, 150, 20, 250, 80);
  Rng rng(1);
  Tensor photo = Tensor::empty({3, 300, 200});
  for (int64_t channel = 0; channel < 3; ++channel)
    for (int64_t i = 0; i < 60000; ++i) {
      const double paper = 0.8 - 0.05 * static_cast<double>(channel);
      const double value = ink.data<float>()[i] > 0 ? 0.3 : paper;
      photo.mutable_data<float>()[channel * 60000 + i] =
          static_cast<float>(value + 0.05 * (rng.uniform() - 0.5));
    }
  const data::FittedImage fitted = fit_image(photo, digit, like_mnist);
  CHECK(fitted.steps == "inverted (dark on light), cropped to 60×100, scaled to 12×20");
  check_near(fitted.image, expected, 0.05);
}

TEST_CASE("specks are left out, and lines that are too thin for the model thickened") {
  Tensor speck = rectangle(300, 200, 150, 20, 250, 80);
  for (int64_t i = 0; i < 5; ++i) speck.mutable_data<float>()[10 * 200 + 190 + i] = 1;
  check_near(fit_image(speck, digit, like_mnist).image, expected, 1e-6);

  const data::FittedImage thin =
      fit_image(rectangle(300, 200, 50, 100, 250, 102), digit, like_mnist);
  CHECK(thin.steps == "cropped to 2×200, thickened, scaled to 2×20");
  double mass = 0;
  for (const float value : thin.image.to_vector<float>()) mass += value;
  CHECK(mass > 30);  // a line of 2·20 but for its round ends; 4 without
}

TEST_CASE("an explicit inversion doesn't depend on the picture's edge") {
  const Tensor ink = rectangle(300, 200, 150, 20, 250, 80);
  data::FitImageOptions options = like_mnist;
  options.invert = Invert::no;
  CHECK_THROWS_WITH_AS(fit_image(inverted(ink), digit, options),
                       "[fit_image] the picture is blank, no object was found: the contrast must "
                       "be 0.1 or more, is 0",
                       std::invalid_argument);
  options.invert = Invert::yes;
  check_near(fit_image(inverted(ink), digit, options).image, expected, 1e-6);
  const Tensor small = rectangle(28, 28, 5, 12, 25, 14);
  CHECK(fit_image(small, digit, options).image.to_vector<float>() ==
        inverted(small).to_vector<float>());
}

TEST_CASE("without a framing a picture is only scaled") {
  const Tensor image = Tensor::from(std::vector<float>{0, 1, 1, 1, 0, 0, 1, 0}, {1, 2, 4});
  const data::FittedImage fitted = fit_image(image, {1, 1, 2});
  CHECK(fitted.image.to_vector<float>() == std::vector<float>{0.25f, 0.75f});
  CHECK(fitted.steps == "scaled from 4×2");
  CHECK(fit_image(image, {1, 1, 2}, {.invert = Invert::yes}).image.to_vector<float>() ==
        std::vector<float>{0.75f, 0.25f});
  const Tensor colours = Tensor::from(std::vector<float>{1, 0, 0}, {3, 1, 1});
  CHECK(fit_image(colours, {1, 1, 1}).image.item() == doctest::Approx(0.299));
  CHECK(fit_image(colours, {3, 1, 1}).image.to_vector<float>() == std::vector<float>{1, 0, 0});
}

TEST_CASE("pictures and shapes that can't be fitted are errors") {
  CHECK_THROWS_WITH_AS(fit_image(Tensor::full({1, 30, 30}, 0.5), digit, like_mnist),
                       "[fit_image] the picture is blank, no object was found: the contrast must "
                       "be 0.1 or more, is 0",
                       std::invalid_argument);
  CHECK_THROWS_WITH(fit_image(Tensor::zeros({2, 30, 30}), digit, like_mnist),
                    "[fit_image] the image must be (1, H, W) or (3, H, W), got (2, 30, 30)");
  CHECK_THROWS_WITH(
      fit_image(Tensor::zeros({1, 30, 30}), {2, 8, 8}, like_mnist),
      "[fit_image] the model's input must be an image of 1 or 3 channels, is (2, 8, 8)");
}
