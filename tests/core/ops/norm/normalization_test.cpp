#include "core/ops/norm/normalization.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/autograd.hpp"
#include "core/gradcheck.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "core/random.hpp"
#include "core/storage.hpp"

using namespace gradus;

namespace {

void check_derivatives(const Function& function, const Tensors& inputs) {
  auto result = gradcheck(function, inputs);
  CHECK_MESSAGE(result.passed, result.message);
  result = gradgradcheck(function, inputs);
  CHECK_MESSAGE(result.passed, result.message);
}

}  // namespace

TEST_CASE("batch norm and layer norm have first and second derivatives") {
  Rng rng(1);
  const auto leaf = [&](const Shape& shape) {
    return randn(shape, rng, DType::f64).set_requires_grad();
  };
  for (const Shape& shape : {Shape{6, 3}, Shape{5, 70}, Shape{3, 4, 5}, Shape{2, 3, 4, 5}}) {
    const Tensors inputs{leaf(shape), leaf({shape[1]}), leaf({shape[1]})};
    check_derivatives([](const Tensors& t) { return batch_norm(t[0], t[1], t[2], {}, {}); },
                      inputs);
    const Tensor mean = randn({shape[1]}, rng, DType::f64),
                 var = exp(randn({shape[1]}, rng, DType::f64));
    check_derivatives(
        [&](const Tensors& t) {
          return batch_norm(t[0], t[1], t[2], mean, var, {.training = false});
        },
        inputs);
    const Tensors rows{leaf(shape), leaf({shape[-1]}), leaf({shape[-1]})};
    check_derivatives([&](const Tensors& t) { return layer_norm(t[0], {shape[-1]}, t[1], t[2]); },
                      rows);
  }
}

TEST_CASE("normalizations are exact to rounding where the mean is much larger than the deviation") {
  Rng rng(2);
  const Tensor images = randn({4, 8, 6, 9}, rng) * 1e-3 + 1e4, rows = reshape(images, {32, 54});
  const auto values_and_gradient = [&](auto normalized, const Tensor& x) {
    const Tensor leaf = x.detach().set_requires_grad(), y = normalized(leaf);
    Rng upstream(3);
    const Tensor g = randn(y.shape(), upstream, DType::f64);
    const Tensor dx = grad({sum(y * cast(g, y.dtype()))}, {leaf})[0];
    return std::pair(cast(y.detach(), DType::f64), cast(dx, DType::f64));
  };
  const auto largest = [](const Tensor& x) { return amax(abs(x)).item(); };
  // The exact result is that of the rounded inputs.
  const auto check = [&](auto normalized) {
    for (const Tensor& x : {images, rows}) {
      const auto [y, dx] = values_and_gradient(normalized, x);
      const auto [exact_y, exact_dx] = values_and_gradient(normalized, cast(x, DType::f64));
      CHECK(largest(y - exact_y) < 2e-6 * largest(exact_y));
      CHECK(largest(dx - exact_dx) < 2e-6 * largest(exact_dx));
    }
  };
  const auto weight = [](const Tensor& x, int64_t n) { return Tensor::full({n}, 1.25, x.dtype()); };
  check([&](const Tensor& x) { return layer_norm(x, {x.size(-1)}); });
  check([&](const Tensor& x) { return layer_norm(x, {x.size(-1)}, weight(x, x.size(-1)), {}); });
  check([&](const Tensor& x) {
    return group_norm(x, 2, weight(x, x.size(1)), weight(x, x.size(1)));
  });
  check([&](const Tensor& x) { return batch_norm(x, weight(x, x.size(1)), {}, {}, {}); });
  check([&](const Tensor& x) {
    return batch_norm_max_pool2d(reshape(x, {4, 8, 6, 9}), {}, {}, {}, {});
  });
}

TEST_CASE("group, instance and RMS norm have first and second derivatives") {
  Rng rng(3);
  const auto leaf = [&](const Shape& shape) {
    return randn(shape, rng, DType::f64).set_requires_grad();
  };
  for (const Shape& shape : {Shape{3, 8}, Shape{2, 4, 5}, Shape{2, 4, 3, 2}, Shape{1, 8, 1, 2}}) {
    const Tensors inputs{leaf(shape), leaf({shape[1]}), leaf({shape[1]})};
    for (const int64_t groups : {1, 2, 4})
      check_derivatives([&](const Tensors& t) { return group_norm(t[0], groups, t[1], t[2]); },
                        {inputs[0], inputs[1], inputs[2]});
    if (shape.rank() > 2)
      check_derivatives([](const Tensors& t) { return instance_norm(t[0], t[1], t[2]); }, inputs);
    check_derivatives([&](const Tensors& t) { return rms_norm(t[0], {shape[-1]}, t[1]); },
                      {inputs[0], leaf({shape[-1]})});
  }
}

namespace {

// The largest |mean| and |mean square − 1| over `dims` of y.
double distance_from_standard(const Tensor& y, const Dims& dims) {
  const Tensor values = cast(y, DType::f64);
  return amax(maximum(abs(mean(values, dims)), abs(mean(square(values), dims) - 1))).item();
}

}  // namespace

TEST_CASE("inputs with mean 10,000 and deviation 1 are normalized correctly in f32") {
  Rng rng(2);
  const Tensor x = randn({64, 4, 40, 10}, rng) + 1e4;
  CHECK(distance_from_standard(batch_norm(x, {}, {}, {}, {}), {0, 2, 3}) < 1e-3);
  CHECK(distance_from_standard(layer_norm(x, {4, 40, 10}), {1, 2, 3}) < 1e-3);
  CHECK(distance_from_standard(instance_norm(x), {2, 3}) < 1e-3);
  CHECK(distance_from_standard(reshape(group_norm(x, 2), {64, 2, -1}), {2}) < 1e-3);
  CHECK(distance_from_standard(group_norm(reshape(x, {64, 1600}), 1), {1}) < 1e-3);
  const Tensor far = Tensor::full({4}, 1e4), one = Tensor::ones({4});
  CHECK(distance_from_standard(batch_renorm(x, {}, {}, far, one), {0, 2, 3}) < 3e-2);
  CHECK(distance_from_standard(batch_norm(reshape(x, {25600, 4}), {}, {}, {}, {}), {0}) < 1e-3);
}

namespace {

double distance(const Tensor& a, const Tensor& b) {
  return amax(abs(a - b)).item();
}

}  // namespace

TEST_CASE("the fused batch norm and max pooling equals both operations one after the other") {
  Rng rng(7);
  struct Case {
    Shape shape;
    PoolingOptions pooling{};
  };
  for (const DType type : {DType::f32, DType::f64})
    for (const auto& [shape, pooling] :
         {Case{{3, 2, 6, 28}}, Case{{4, 3, 2, 8}}, Case{{2, 5, 7, 19}}, Case{{2, 2, 9, 22}},
          // Cases that are not fused.
          Case{{3, 2, 6, 6}}, Case{{2, 3, 9, 12}, {.kernel = {2, 3}}},
          Case{{2, 3, 9, 12}, {.kernel = {3, 2}}}, Case{{2, 3, 8, 12}, {.stride = {1, 2}}},
          Case{{2, 3, 8, 12}, {.stride = {2, 1}}}, Case{{2, 3, 8, 12}, {.padding = 1}},
          Case{{2, 3, 9, 13}, {.ceil_mode = true}}}) {
      const auto leaf = [&](const Shape& of) { return randn(of, rng, type).set_requires_grad(); };
      const Tensors inputs{leaf(shape), leaf({shape[1]}), leaf({shape[1]})};
      Tensor mean[2], var[2], y[2];
      Tensors gradients[2];
      const Tensor upstream = randn(max_pool2d(inputs[0], pooling).shape(), rng, type);
      for (const int at_once : {0, 1}) {
        mean[at_once] = Tensor::zeros({shape[1]}, type);
        var[at_once] = Tensor::ones({shape[1]}, type);
        y[at_once] =
            at_once
                ? batch_norm_max_pool2d(inputs[0], inputs[1], inputs[2], mean[1], var[1], {},
                                        pooling)
                : max_pool2d(batch_norm(inputs[0], inputs[1], inputs[2], mean[0], var[0]), pooling);
        gradients[at_once] = grad({y[at_once]}, inputs, {.grad_outputs = {upstream}});
      }
      CHECK(distance(y[1], y[0]) == 0);
      CHECK(distance(mean[1], mean[0]) == 0);
      CHECK(distance(var[1], var[0]) == 0);
      for (std::size_t i = 0; i < inputs.size(); ++i)
        CHECK(distance(gradients[1][i], gradients[0][i]) < (type == DType::f32 ? 2e-5 : 1e-13));
    }
}

TEST_CASE("the fused batch norm and max pooling has first and second derivatives") {
  Rng rng(8);
  const auto leaf = [&](const Shape& shape) {
    return randn(shape, rng, DType::f64).set_requires_grad();
  };
  const Tensors inputs{leaf({2, 2, 5, 13}), leaf({2}), leaf({2})};
  check_derivatives(
      [](const Tensors& t) { return batch_norm_max_pool2d(t[0], t[1], t[2], {}, {}); }, inputs);
  check_derivatives([](const Tensors& t) { return batch_norm_max_pool2d(t[0], {}, {}, {}, {}); },
                    {inputs[0]});
  const Tensor mean = randn({2}, rng, DType::f64), var = exp(randn({2}, rng, DType::f64));
  check_derivatives(
      [&](const Tensors& t) {
        return batch_norm_max_pool2d(t[0], t[1], t[2], mean, var, {.training = false});
      },
      inputs);
}

TEST_CASE(
    "group norm with one group has layer norm's statistics, with C groups it is instance norm") {
  Rng rng(4);
  const Tensor x = randn({2, 6, 3, 4}, rng, DType::f64), weight = randn({6}, rng, DType::f64),
               bias = randn({6}, rng, DType::f64);
  const Tensor by_layer =
      layer_norm(x, {6, 3, 4}) * reshape(weight, {6, 1, 1}) + reshape(bias, {6, 1, 1});
  CHECK(amax(abs(group_norm(x, 1, weight, bias) - by_layer)).item() < 1e-12);
  CHECK(amax(abs(group_norm(x, 6, weight, bias) - instance_norm(x, weight, bias))).item() == 0);
  CHECK(amax(abs(group_norm(x, 2, weight, bias) - by_layer)).item() > 0.01);
}

TEST_CASE("batch renormalization lies between batch norm and its evaluation") {
  Rng rng(5);
  const Tensor x = randn({9, 3, 4}, rng, DType::f64), weight = randn({3}, rng, DType::f64),
               bias = randn({3}, rng, DType::f64);
  const Tensor mean = randn({3}, rng, DType::f64), var = exp(randn({3}, rng, DType::f64));
  const Tensor by_batch = batch_norm(x, weight, bias, {}, {});
  const Tensor by_running = batch_norm(x, weight, bias, mean, var, {.training = false});
  const auto renormalized = [&](double r_max, double d_max) {
    return batch_renorm(x, weight, bias, mean, var,
                        {.update = false, .r_max = r_max, .d_max = d_max});
  };
  CHECK(amax(abs(renormalized(1, 0) - by_batch)).item() < 1e-12);
  CHECK(amax(abs(renormalized(1e9, 1e9) - by_running)).item() < 1e-12);
  CHECK(amax(abs(by_batch - by_running)).item() > 0.01);
  const Tensor updated_mean = mean.clone(), updated_var = var.clone(), of_batch_norm = mean.clone(),
               var_of_batch_norm = var.clone();
  batch_renorm(x, {}, {}, updated_mean, updated_var, {.momentum = 0.3});
  batch_norm(x, {}, {}, of_batch_norm, var_of_batch_norm, {.momentum = 0.3});
  CHECK(amax(abs(updated_mean - of_batch_norm)).item() == 0);
  CHECK(amax(abs(updated_var - var_of_batch_norm)).item() == 0);
}

TEST_CASE("local response norm weighs the mean or the sum of a window's squares") {
  const Tensor x = reshape(Tensor::from({1.0, 2.0, 3.0, 4.0}), {1, 4});
  const auto third = [&](const LocalResponseNormOptions& options) {
    return local_response_norm(x, options).to_vector<double>()[2];
  };
  // Channels 1 to 3: 2² + 3² + 4² = 29. With size 2 the window is channels 1 and 2: 13.
  CHECK(third({.size = 3, .alpha = 0.3, .beta = 0.5, .k = 2}) ==
        doctest::Approx(3 / std::sqrt(2 + 0.1 * 29)));
  CHECK(third({.size = 3, .alpha = 0.3, .beta = 0.5, .k = 2, .mean = false}) ==
        doctest::Approx(3 / std::sqrt(2 + 0.3 * 29)));
  CHECK(third({.size = 2, .alpha = 1, .beta = 1, .mean = false}) == doctest::Approx(3.0 / 14));
}

TEST_CASE("normalizations refuse wrong shapes and options") {
  const Tensor x = Tensor::zeros({1, 3});
  CHECK_THROWS_WITH_AS(
      batch_norm(x, {}, {}, {}, {}),
      "[batch_norm] batch statistics need more than one value per channel, got input (1, 3)",
      std::invalid_argument);
  CHECK_THROWS_WITH_AS(batch_norm(x, Tensor::ones({4}), {}, {}, {}),
                       "[batch_norm] weight must be (3), got (4): input (1, 3)",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(
      layer_norm(x, {4}),
      "[layer_norm] normalized_shape must be the last dimensions of the input: (4) of (1, 3)",
      std::invalid_argument);
  CHECK_THROWS_WITH_AS(layer_norm(x, {3}, {}, {}, 0), "[layer_norm] eps must be positive, got 0",
                       std::invalid_argument);
  const auto refused = [](auto&& body, const char* message) {
    CHECK_THROWS_WITH_AS(body(), message, std::invalid_argument);
  };
  refused(
      [] {
        batch_norm(Tensor::zeros({2, 3}), {}, {}, {}, {}, {.eps = 0});
      },
      "[batch_norm] eps must be positive, got 0");
  // A sample's only value is its mean.
  CHECK(layer_norm(Tensor::full({2, 1}, 7), {1}).to_vector<float>() == std::vector<float>{0, 0});
  const Tensor image = Tensor::zeros({2, 6, 3, 3}), one = Tensor::ones({3});
  refused([&] { rms_norm(x, {4}); },
          "[rms_norm] normalized_shape must be the last dimensions of the input: (4) of (1, 3)");
  refused([&] { rms_norm(x, {3}, {}, -1); }, "[rms_norm] eps must be positive, got -1");
  refused([&] { group_norm(image, 0); }, "[group_norm] groups must be 1 or more, got 0");
  refused([&] { group_norm(image, 4); },
          "[group_norm] groups must divide the channels: 4 groups, 6 channels");
  refused([&] { group_norm(x, 3); },
          "[group_norm] a group must have more than one value: input (1, 3), 3 groups");
  refused([&] { group_norm(image, 2, one); },
          "[group_norm] weight must be (6), got (3): input (2, 6, 3, 3)");
  refused([&] { group_norm(image, 2, {}, {}, 0); }, "[group_norm] eps must be positive, got 0");
  refused([&] { instance_norm(x); },
          "[instance_norm] a channel of a sample must have more than one value: input (1, 3)");
  refused([&] { instance_norm(image, {}, {}, {}, {}, {.use_input_stats = false}); },
          "[instance_norm] running statistics are needed unless use_input_stats is set");
  refused([&] { instance_norm(image, {}, {}, {}, {}, {.eps = 0}); },
          "[instance_norm] eps must be positive, got 0");
  refused([&] { batch_renorm(x, {}, {}, {}, {}); }, "[batch_renorm] needs running statistics");
  refused([&] { batch_renorm(x, {}, {}, one, one); },
          "[batch_renorm] normalizing by the batch needs more than one value per channel: input "
          "(1, 3)");
  refused([&] { batch_renorm(x, {}, {}, one, one, {.r_max = 0.5}); },
          "[batch_renorm] r_max must be 1 or more, got 0.5");
  refused([&] { batch_renorm(x, {}, {}, one, one, {.eps = 0}); },
          "[batch_renorm] eps must be positive, got 0");
  refused([&] { local_response_norm(image, {.size = 0}); },
          "[local_response_norm] size must be 1 or more, got 0");
  refused([&] { local_response_norm(image, {.k = 0}); },
          "[local_response_norm] k must be positive, got 0");
}

TEST_CASE(
    "batch norm and pooling by other windows than adjacent ones of 2×2 is one after the other") {
  Rng rng(8);
  const Tensor x = randn({2, 3, 6, 10}, rng, DType::f64);
  const PoolingOptions others[] = {{.kernel = 2, .stride = {2, 1}},
                                   {.kernel = 2, .stride = {1, 2}},
                                   {.kernel = 2, .padding = 1},
                                   {.kernel = 2, .padding = {1, 0}},
                                   {.kernel = 2, .padding = {0, 1}},
                                   {.kernel = {2, 3}},
                                   {.kernel = {3, 2}},
                                   {.kernel = 4, .ceil_mode = true},
                                   {.kernel = 3},
                                   {.kernel = 2, .stride = 2}};
  for (const PoolingOptions& pooling : others) {
    const Tensor wanted = max_pool2d(batch_norm(x, {}, {}, {}, {}), pooling);
    const Tensor got = batch_norm_max_pool2d(x, {}, {}, {}, {}, {}, pooling);
    CHECK(got.shape() == wanted.shape());
    CHECK(got.to_vector<double>() == wanted.to_vector<double>());
  }
}

TEST_CASE("a batch without samples leaves the running statistics of instance norm") {
  const Tensor mean = Tensor::from<double>({0.5, 1, 2}), var = Tensor::from<double>({2, 3, 4});
  instance_norm(Tensor::zeros({0, 3, 4}, DType::f64), {}, {}, mean, var);
  CHECK(mean.to_vector<double>() == std::vector<double>{0.5, 1, 2});
  CHECK(var.to_vector<double>() == std::vector<double>{2, 3, 4});
}

TEST_CASE("local response norm divides by any power") {
  Rng rng(8);
  const Tensor x = randn({1, 1, 5}, rng, DType::f64);
  for (const double beta : {0.0, 0.5, 0.75, 1.0, 2.5}) {
    const Tensor y = local_response_norm(x, {.size = 1, .alpha = 0.5, .beta = beta, .k = 2});
    for (int i = 0; i < 5; ++i) {
      const double v = x.data<double>()[i];
      CHECK(y.data<double>()[i] ==
            doctest::Approx(v / std::pow(2 + 0.5 * v * v, beta)).epsilon(1e-13));
    }
  }
}

TEST_CASE("batch norm by running statistics has the gradient of whichever input wants one") {
  Rng rng(8);
  const Tensor mean = randn({2}, rng, DType::f64), var = exp(randn({2}, rng, DType::f64));
  const Tensors values{randn({3, 2}, rng, DType::f64), randn({2}, rng, DType::f64),
                       randn({2}, rng, DType::f64)};
  for (std::size_t wanted = 0; wanted < 3; ++wanted) {
    CAPTURE(wanted);
    const Tensor input = values[wanted].clone().set_requires_grad();
    check_derivatives(
        [&](const Tensors& t) {
          Tensors all = values;
          all[wanted] = t[0];
          return batch_norm(all[0], all[1], all[2], mean, var, {.training = false});
        },
        {input});
    Tensors all = values;
    all[wanted] = input;
    CHECK(batch_norm(all[0], all[1], all[2], mean, var, {.training = false}).requires_grad());
  }
}

TEST_CASE(
    "batch norm by running statistics takes memory for its result alone, without a gradient") {
  const Tensor x = Tensor::zeros({64, 4, 16, 16}), mean = Tensor::zeros({4}),
               var = Tensor::ones({4});
  reset_peak_memory();
  const std::size_t before = memory_stats().in_use;
  batch_norm(x, {}, {}, mean, var, {.training = false});
  CHECK(memory_stats().peak - before < 1.5 * 4 * static_cast<double>(x.numel()));
}
