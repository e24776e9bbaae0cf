#include "data/picture/even_light.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "core/random.hpp"
#include "data/files/image.hpp"
#include "data/picture/fit_image.hpp"

using namespace gradus;

namespace {

const data::FitImageOptions like_digits{
    .framing = data::Framing{
        .ground = 0, .extent = 20, .by_mass = false, .row = 13.5, .column = 13.5, .stroke = 3.8}};

// The light at a place, 0 … 1 both ways.
using LightAt = double (*)(double down, double right);

struct UnevenLight {
  const char* name;
  LightAt at;
  double noise = 0;
};
const UnevenLight uneven_lights[] = {
    {"gradient", [](double, double right) { return 1 - 0.7 * right; }},
    {"gradient across", [](double down, double right) { return 1 - 0.4 * right - 0.35 * down; }},
    {"shadow", [](double, double right) { return right > 0.5 ? 0.5 : 1; }},
    {"slanted shadow",
     [](double down, double right) { return right + 0.5 * down > 0.8 ? 0.5 : 1; }},
    {"soft shadow",
     [](double down, double right) {
       return 0.75 - 0.25 * std::tanh(20 * (down - 0.45 + 0.2 * right));
     }},
    {"vignette",
     [](double down, double right) {
       return 1 - 1.5 * ((down - 0.5) * (down - 0.5) + (right - 0.5) * (right - 0.5));
     }},
    {"gradient, noise", [](double, double right) { return 1 - 0.7 * right; }, 0.03},
    {"shadow, noise", [](double, double right) { return right > 0.5 ? 0.5 : 1; }, 0.03}};

// The drawn digit in black on white.
Tensor drawn_digit(const std::string& file) {
  const Tensor image = data::read_image(GRADUS_SOURCE "/tests/data/drawn/" + file);
  if (file.find("reverse") == std::string::npos) return image;
  Tensor result = image.clone();
  for (float& value :
       std::span(result.mutable_data<float>(), static_cast<std::size_t>(image.numel())))
    value = 1 - value;
  return result;
}

// A photograph of a drawing: the greys of black and white, in that light.
Tensor photographed(const Tensor& drawing, double black, double white, LightAt light,
                    double noise = 0) {
  Tensor photo = drawing.clone();
  Rng rng(1);
  const int64_t height = photo.size(1), width = photo.size(2);
  float* value = photo.mutable_data<float>();
  for (int64_t channel = 0; channel < photo.size(0); ++channel)
    for (int64_t y = 0; y < height; ++y)
      for (int64_t x = 0; x < width; ++x, ++value) {
        const double here = light(static_cast<double>(y) / static_cast<double>(height),
                                  static_cast<double>(x) / static_cast<double>(width));
        const double grey = (black + (white - black) * *value) * here + noise * rng.normal();
        *value = static_cast<float>(std::clamp(grey, 0.0, 1.0));
      }
  return photo;
}

double in_even_light(double, double) {
  return 1;
}

double mean_difference(const Tensor& a, const Tensor& b) {
  REQUIRE(a.shape() == b.shape());
  double sum = 0;
  for (int64_t i = 0; i < a.numel(); ++i)
    sum += std::abs(double{a.data<float>()[i]} - b.data<float>()[i]);
  return sum / static_cast<double>(a.numel());
}

}  // namespace

TEST_CASE("drawn digits in uneven light are fitted like those in even light") {
  for (const char* file : {"2-noise.jpg", "5-thick.png", "7-thin.png", "8-reverse.png"}) {
    CAPTURE(file);
    const Tensor drawing = drawn_digit(file);
    const data::FittedImage even =
        fit_image(photographed(drawing, 0.1, 0.85, in_even_light), {1, 28, 28}, like_digits);
    CHECK(even.steps.starts_with("inverted (dark on light), cropped to "));
    for (const UnevenLight& light : uneven_lights) {
      CAPTURE(light.name);
      const Tensor photo = photographed(drawing, 0.1, 0.85, light.at, light.noise);
      const data::FittedImage fitted = fit_image(photo, {1, 28, 28}, like_digits);
      CHECK(mean_difference(fitted.image, even.image) < 0.01);  // 0.06 to 0.3 without
      CHECK(fitted.steps.starts_with("uneven light: flattened, inverted (dark on light), cropped"));
    }
  }
}

TEST_CASE("light ink on a dark ground in uneven light is fitted like that in even light") {
  for (const char* file : {"3-thin.png", "5-thick.png"}) {
    CAPTURE(file);
    const Tensor drawing = drawn_digit(file);
    const data::FittedImage even =
        fit_image(photographed(drawing, 0.85, 0.15, in_even_light), {1, 28, 28}, like_digits);
    CHECK(even.steps.starts_with("cropped to "));
    for (const UnevenLight& light : std::span(uneven_lights).subspan(2, 4)) {
      CAPTURE(light.name);
      const data::FittedImage fitted =
          fit_image(photographed(drawing, 0.85, 0.15, light.at), {1, 28, 28}, like_digits);
      CHECK(mean_difference(fitted.image, even.image) < 0.05);
      CHECK(fitted.steps.starts_with("uneven light: flattened, cropped to "));
    }
  }
}

TEST_CASE("an explicit inversion says what is ink in uneven light") {
  const LightAt shadow = uneven_lights[2].at;
  const Tensor photo = photographed(drawn_digit("3.png"), 0.1, 0.85, shadow);
  data::FitImageOptions options = like_digits;
  options.invert = data::Invert::yes;
  CHECK(fit_image(photo, {1, 28, 28}, options).image.to_vector<float>() ==
        fit_image(photo, {1, 28, 28}, like_digits).image.to_vector<float>());
  options.invert = data::Invert::no;
  CHECK(fit_image(photo, {1, 28, 28}, options).steps.find("inverted") == std::string::npos);
}

TEST_CASE("pictures in even light aren't flattened: drawn, noisy, with ink at the edge") {
  for (const char* file : {"0-thick.png", "2-noise.jpg", "5-thick.png", "6-progressive.jpg",
                           "7-thin.png", "8-reverse.png"}) {
    CAPTURE(file);
    const Tensor drawing = drawn_digit(file);
    CHECK_FALSE(data::flattened(data::grey(drawing)));
    CHECK_FALSE(data::flattened(data::grey(photographed(drawing, 0.1, 0.85, in_even_light, 0.04))));
  }
  // A gradient of a tenth.
  const LightAt nearly_even = [](double, double right) { return 1 - 0.1 * right; };
  CHECK_FALSE(
      data::flattened(data::grey(photographed(drawn_digit("3.png"), 0.1, 0.85, nearly_even))));
  data::Plane line(60, 90);  // light on dark, from edge to edge
  for (int64_t x = 0; x < 90; ++x)
    for (int64_t y = 20; y < 28; ++y) line.at(y, x) = 1;
  CHECK_FALSE(data::flattened(line));
}

TEST_CASE("objects at the edge aren't flattened where those of the training images are there") {
  const LightAt shadow = uneven_lights[2].at;
  const Tensor photo = photographed(drawn_digit("3.png"), 0.1, 0.85, shadow);
  data::FitImageOptions clothes = like_digits;
  clothes.framing->extent = 28;
  CHECK(fit_image(photo, {1, 28, 28}, clothes).steps.find("uneven") == std::string::npos);
}

TEST_CASE("the result is doubtful in a nearly black shadow, and where nothing is left") {
  const LightAt black = [](double, double right) { return right > 0.5 ? 0.08 : 1; };
  const Tensor drawing = drawn_digit("3.png");
  const std::string doubtful = "uneven light: the result is doubtful, ";
  CHECK(fit_image(photographed(drawing, 0.1, 0.85, black), {1, 28, 28}, like_digits)
            .steps.starts_with(doubtful + "inverted (dark on light), cropped to "));
  // Faint ink is flattened.
  const LightAt shadow = uneven_lights[2].at;
  CHECK(fit_image(photographed(drawing, 0.68, 0.85, shadow), {1, 28, 28}, like_digits)
            .steps.starts_with(doubtful + "inverted (dark on light), cropped to 84×129, "));
  // Empty paper isn't: the shadow is taken for ink, as without this.
  const Tensor paper = Tensor::full({1, 300, 200}, 1);
  CHECK(fit_image(photographed(paper, 0, 0.85, shadow), {1, 28, 28}, like_digits)
            .steps.starts_with(doubtful));
}
