// image_operations_test: resized images, patches and borders with PyTorch's values, and what they
// refuse.
#include "core/ops/image_operations.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/autograd.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "core/random.hpp"
#include "tests/refuses.hpp"
#include "tests/same_bits.hpp"

using namespace gradus;
using testing::refuses;
using testing::same_bits;

namespace {

using Values = std::vector<double>;

Tensor counted_image(const Shape& shape) {
  return reshape(Tensor::arange(shape.numel(), DType::f64), shape);
}
Values pixels(const Tensor& x) {
  return x.to_vector<double>();
}
Values rounded_pixels(const Tensor& x) {
  Values rounded = pixels(x);
  for (double& v : rounded) v = std::nearbyint(v * 1e6) / 1e6;
  return rounded;
}

constexpr Interpolation bilinear = Interpolation::bilinear;

}  // namespace

// From PyTorch's interpolate.
TEST_CASE("interpolate has PyTorch's values") {
  const Tensor x = counted_image({1, 1, 2, 3}), row = counted_image({1, 1, 5});
  CHECK(pixels(interpolate(x, {.size = {3, 4}, .mode = bilinear})) ==
        Values{0, 0.625, 1.375, 2, 1.5, 2.125, 2.875, 3.5, 3, 3.625, 4.375, 5});
  CHECK(pixels(interpolate(x, {.size = {3, 5}, .mode = bilinear, .align_corners = true})) ==
        Values{0, 0.5, 1, 1.5, 2, 1.5, 2, 2.5, 3, 3.5, 3, 3.5, 4, 4.5, 5});
  CHECK(pixels(interpolate(row, {.scale_factor = {1.5}})) == Values{0, 0, 1, 2, 2, 3, 4});
  CHECK(rounded_pixels(interpolate(counted_image({1, 1, 1, 5}),
                                   {.scale_factor = {1, 1.5}, .mode = bilinear})) ==
        Values{0, 0.5, 1.166667, 1.833333, 2.5, 3.166667, 3.833333});
  CHECK(pixels(interpolate(x, {.size = {1}, .mode = bilinear, .align_corners = true})) ==
        Values{0});
  CHECK(pixels(interpolate(x, {.scale_factor = {2, 1}})) ==
        Values{0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5});
  CHECK(interpolate(Tensor::zeros({0, 2, 3, 3}), {.size = {2, 4}}).shape() == Shape{0, 2, 2, 4});
}

TEST_CASE("nearest elements are those of exact places") {
  // j·(1/49) is just below a whole number for some j, where j/49 is one.
  for (const int64_t factor : {3, 7, 49, 98}) {
    const Tensor x = counted_image({1, 1, 20});
    const double scale = static_cast<double>(factor);
    const Values scaled = pixels(interpolate(x, {.scale_factor = {scale}}));
    for (std::size_t j = 0; j < scaled.size(); ++j)
      CHECK(scaled[j] == static_cast<double>(static_cast<int64_t>(j) / factor));
    CHECK(same_bits(interpolate(x, {.size = {20 * factor}}),
                    interpolate(x, {.scale_factor = {scale}})));
  }
}

TEST_CASE("an element that doesn't count can be infinite") {
  const Tensor x = Tensor::from<double>({1, INFINITY, 2, NAN}, {1, 1, 2, 2});
  const Values got =
      pixels(interpolate(x, {.size = {3, 3}, .mode = bilinear, .align_corners = true}));
  CHECK(got[0] == 1);
  CHECK(got[1] == INFINITY);
  CHECK(got[3] == 1.5);
  CHECK(std::isnan(got[5]));
}

TEST_CASE("a resized f32 image is that of f64, rounded") {
  Rng rng(2);
  const Tensor x = randn({2, 3, 7, 5}, rng);
  for (const InterpolateOptions& options :
       {InterpolateOptions{.size = {16, 9}, .mode = bilinear},
        InterpolateOptions{.size = {4, 11}, .mode = bilinear, .align_corners = true}})
    CHECK(same_bits(interpolate(x, options),
                    cast(interpolate(cast(x, DType::f64), options), DType::f32)));
}

// From PyTorch's unfold.
TEST_CASE("unfold has PyTorch's order, and fold adds up what it took apart") {
  const UnfoldOptions options{.kernel = 2, .dilation = {2, 1}, .padding = {0, 1}, .stride = {1, 2}};
  const Tensor x = counted_image({1, 1, 3, 4});
  const Tensor y = unfold(x, options);
  CHECK(y.shape() == Shape{1, 4, 3});
  CHECK(pixels(y) == Values{0, 1, 3, 0, 2, 0, 0, 9, 11, 8, 10, 0});
  // The middle row belongs to no patch.
  CHECK(pixels(fold(y, {3, 4}, options)) == Values{0, 1, 2, 3, 0, 0, 0, 0, 8, 9, 10, 11});
  CHECK(pixels(fold(unfold(Tensor::ones({1, 1, 3, 3}, DType::f64), {.kernel = 2}), 3,
                    {.kernel = 2})) == Values{1, 2, 1, 2, 4, 2, 1, 2, 1});
  const Tensor whole = reshape(Tensor::arange(4), {1, 1, 2, 2});
  CHECK(unfold(whole, {.kernel = {1, 2}}).to_vector<int64_t>() == std::vector<int64_t>{0, 2, 1, 3});
  CHECK(unfold(Tensor::zeros({0, 2, 3, 3}), {.kernel = 2}).shape() == Shape{0, 8, 4});
}

TEST_CASE("unfold and fold are each other's gradient") {
  Rng rng(5);
  const UnfoldOptions options{
      .kernel = {2, 3}, .dilation = {1, 2}, .padding = {1, 2}, .stride = {2, 1}};
  const Tensor x = randn({2, 3, 5, 6}, rng, DType::f64).set_requires_grad();
  const Tensor y = unfold(x, options), g = randn(y.shape(), rng, DType::f64).set_requires_grad();
  CHECK(same_bits(grad({y}, {x}, {.grad_outputs = {g}})[0], fold(g, {5, 6}, options)));
  const Tensor back = fold(g, {5, 6}, options);
  CHECK(same_bits(grad({back}, {g}, {.grad_outputs = {x}})[0], unfold(x, options)));
}

TEST_CASE("pad copies elements of the tensor itself") {
  const Tensor x = Tensor::arange(4);
  const auto padded = [&](std::initializer_list<int64_t> padding, PadMode mode) {
    return pad(x, padding, mode).to_vector<int64_t>();
  };
  using Whole = std::vector<int64_t>;
  CHECK(padded({3, 2}, PadMode::reflect) == Whole{3, 2, 1, 0, 1, 2, 3, 2, 1});
  CHECK(padded({2, 1}, PadMode::replicate) == Whole{0, 0, 0, 1, 2, 3, 3});
  CHECK(padded({4, 1}, PadMode::circular) == Whole{0, 1, 2, 3, 0, 1, 2, 3, 0});
  CHECK(padded({0, 0}, PadMode::reflect) == Whole{0, 1, 2, 3});
  const Tensor image = reshape(Tensor::arange(4), {2, 2});
  CHECK(pad(image, {0, 1, 1, 0}, PadMode::reflect).to_vector<int64_t>() ==
        Whole{2, 3, 2, 0, 1, 0, 2, 3, 2});
  CHECK(pad(Tensor::zeros({0, 2}), {1, 1}, PadMode::replicate).shape() == Shape{0, 4});
  CHECK(pad(Tensor::zeros({2, 0}), {0, 0, 1, 1}, PadMode::circular).shape() == Shape{4, 0});
}

TEST_CASE("operations on images refuse wrong shapes and options") {
  const Tensor x = Tensor::zeros({1, 2, 3, 4}), row = Tensor::zeros({1, 2, 5});
  refuses(
      [&] {
        interpolate(Tensor::zeros({3, 4}), {.size = {2}});
      },
      "[interpolate] needs (N, C, L) or (N, C, H, W), got (3, 4)");
  refuses([&] { interpolate(row, {.size = {2}, .mode = bilinear}); },
          "[interpolate] needs (N, C, H, W), got (1, 2, 5)");
  refuses([&] { interpolate(x, {.size = {2}, .align_corners = true}); },
          "[interpolate] align_corners needs the mode bilinear");
  const char* numbers = "[interpolate] either size or scale_factor must have 1 or 2 numbers, got ";
  const auto counts = [&](const InterpolateOptions& options, const char* got) {
    CHECK_THROWS_WITH_AS(interpolate(x, options), fmt::format("{}{}", numbers, got).c_str(),
                         std::invalid_argument);
  };
  counts({}, "() and ()");
  counts({.size = {2, 2}, .scale_factor = {2}}, "(2, 2) and (2)");
  counts({.size = {2, 2, 2}}, "(2, 2, 2) and ()");
  const char* extents =
      "[interpolate] extents must be 1 to 10^9 before and after: dimension {} of {} for size ({}), "
      "scale_factor ({})";
  const auto outside = [&](const Tensor& image, const InterpolateOptions& options, int dim,
                           int64_t extent, const char* size, const char* factor) {
    CHECK_THROWS_WITH_AS(interpolate(image, options),
                         fmt::format(fmt::runtime(extents), dim, extent, size, factor).c_str(),
                         std::invalid_argument);
  };
  outside(x, {.size = {2, 0}}, 3, 4, "2, 0", "");
  outside(x, {.scale_factor = {0.3, 1}}, 2, 3, "", "0.3, 1");
  outside(x, {.scale_factor = {NAN}}, 2, 3, "", "nan");
  outside(x, {.scale_factor = {-1}}, 2, 3, "", "-1");
  outside(x, {.scale_factor = {1, 1e300}}, 3, 4, "", "1, 1e+300");
  outside(Tensor::zeros({1, 1, 0}), {.size = {2}}, 2, 0, "2", "");

  refuses([&] { unfold(row, {}); }, "[unfold] needs images (N, C, H, W), got (1, 2, 5)");
  refuses([&] { unfold(x, {.kernel = 0}); }, "[unfold] kernel must be 1 or more, got 0");
  refuses(
      [&] {
        unfold(x, {.dilation = {1, 0}});
      },
      "[unfold] dilation must be 1 or more, got (1, 0)");
  refuses([&] { unfold(x, {.padding = -1}); }, "[unfold] padding must be 0 or more, got -1");
  refuses([&] { unfold(x, {.stride = 0}); }, "[unfold] stride must be 1 or more, got 0");
  refuses(
      [&] {
        unfold(x, {.kernel = {2, 3}, .dilation = {1, 3}, .padding = 1});
      },
      "[unfold] a patch must not be larger than the padded image: 7 pixels for 4 of the image "
      "and padding 1");
  refuses(
      [&] {
        fold(row, 3, {.kernel = {2, 2}});
      },
      "[fold] needs patches (N, C·4, places), got (1, 2, 5)");
  refuses(
      [&] {
        fold(row, 3, {.kernel = {2, 1}});
      },
      "[fold] images of size 3 have 6 places, got (1, 2, 5)");
  refuses([&] { fold(row, -1, {}); }, "[fold] size must be 0 or more, got -1");

  refuses([&] { pad(row, {1}, PadMode::reflect); },
          "[pad] padding must have two numbers for each padded dimension: (1) for (1, 2, 5)");
  refuses(
      [&] {
        pad(row, {5, 0}, PadMode::reflect);
      },
      "[pad] reflection of dimension 2 of (1, 2, 5) must be 0 to 4, got 5 and 0");
  refuses(
      [&] {
        pad(row, {0, 0, 0, 3}, PadMode::circular);
      },
      "[pad] circular padding of dimension 1 of (1, 2, 5) must be 0 to 2, got 0 and 3");
  refuses(
      [&] {
        pad(row, {-1, 0}, PadMode::replicate);
      },
      "[pad] replication of dimension 2 of (1, 2, 5) must be 0 to 1000000000, got -1 and 0");
  refuses(
      [&] {
        pad(Tensor::zeros({2, 0}), {1, 0}, PadMode::replicate);
      },
      "[pad] replication of dimension 1 of (2, 0) must be 0 to 0, got 1 and 0");
}
