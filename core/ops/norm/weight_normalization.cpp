#include "core/ops/norm/weight_normalization.hpp"

#include <cmath>
#include <limits>

#include "core/autograd.hpp"
#include "core/ops/detail/checks.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/linear.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"

namespace gradus {
namespace {

using detail::check_eps;

double machine_epsilon(DType dtype) {
  return dtype == DType::f64 ? std::numeric_limits<double>::epsilon()
                             : std::numeric_limits<float>::epsilon();
}

// The weight as a matrix of rows.
Tensor rows_of(const char* operation, const Tensor& weight) {
  require(weight.rank() >= 2 && weight.numel() > 0, operation,
          "weight must be (out, in, …) without an extent of 0, got {}", weight.shape());
  require(is_floating(weight.dtype()), operation, "weight must be f32 or f64, got {}",
          to_string(weight.dtype()));
  return reshape(weight, {weight.size(0), weight.numel() / weight.size(0)});
}

// Rows minus their means. Rows of a single weight are refused: they would always become 0.
Tensor centred_rows(const char* operation, const Tensor& weight) {
  const Tensor rows = rows_of(operation, weight);
  require(rows.size(1) > 1, operation, "rows must have more than one weight: weight {}",
          weight.shape());
  return rows - mean(rows, {1}, true);
}

Tensor squared_norms(const Tensor& rows) {
  return sum(square(rows), {1}, true);
}

Tensor column(const char* operation, const char* name, const Tensor& values, const Tensor& weight) {
  require(values.shape() == Shape{weight.size(0)}, operation, "{} must be ({}), got {}: weight {}",
          name, weight.size(0), values.shape(), weight.shape());
  return reshape(values, {weight.size(0), 1});
}

// Throws if a row's squared norm isn't above `floor`.
void check_rows(const char* operation, const char* wrong, const Tensor& squared,
                const Tensor& floor, const Shape& shape) {
  dispatch_floating(operation, squared.dtype(), [&]<class T>(T) {
    for (int64_t row = 0; row < squared.numel(); ++row)
      require(!(squared.data<T>()[row] <= floor.data<T>()[row]), operation,
              "rows must not be {}: row {} of weight {}", wrong, row, shape);
  });
}

Tensor identity(int64_t n, DType dtype) {
  Tensor result = Tensor::zeros({n, n}, dtype);
  dispatch_floating("identity", dtype, [&]<class T>(T) {
    T* values = result.mutable_data<T>();
    for (int64_t i = 0; i < n; ++i) values[i * n + i] = 1;
  });
  return result;
}

// A factor for each matrix of a (groups, n, n) that scales its eigenvalues below 2, with the
// largest near 2: they are at most the fourth root of ‖A⁴‖.
Tensor scale_to_converge(const Tensor& a) {
  const NoGrad no_grad;
  const Tensor size = norm(a, 2, {1, 2}, true);
  Tensor power = a / size;
  for (int i = 0; i < 2; ++i) power = matmul(power, power);
  return 1.9 / (size * pow(norm(power, 2, {1, 2}, true), 0.25));
}

// A^(−1/2) of positive definite matrices (groups, n, n): Y → (cA)^(1/2), Z → (cA)^(−1/2) by
// T = (3I − ZY)/2, Y ← YT, Z ← TZ, which converges for eigenvalues of cA below 3. Near the end each
// step squares the error, so two steps after √precision only rounding is left, also in the
// derivatives. The result doesn't depend on c, so c is treated as a constant.
Tensor inverse_root(const Tensor& a, double precision, const Shape& weight, double eps) {
  const double largest = no_grad([&] { return amax(norm(a, 2, {1, 2})).item(); });
  if (std::isnan(largest)) return a * largest;  // no iteration would converge
  const Tensor scale = scale_to_converge(a), one = identity(a.size(1), a.dtype());
  Tensor y = a * scale, z, zy = y;
  int beyond = 0;
  for (int i = 0; i < 100; ++i) {
    if (no_grad([&] { return amax(norm(one - zy, 2, {1, 2})).item(); }) < std::sqrt(precision))
      ++beyond;
    const Tensor t = 1.5 * one - 0.5 * zy;
    z = z.defined() ? matmul(t, z) : t;
    if (beyond == 2) return z * sqrt(scale);
    y = matmul(y, t);
    zy = matmul(z, y);
  }
  fail("weight_whitening", "eps {} is too small for weight {}: its rows' covariance has norm {}",
       eps, weight, std::sqrt(largest));
}

// Whitens each group of rows (groups, n, columns), which have mean 0.
Tensor whitened(const Tensor& rows, double precision, const Shape& weight, double eps) {
  const Tensor covariance =
      matmul(rows, rows, {.b = true}) + eps * identity(rows.size(1), rows.dtype());
  return matmul(inverse_root(covariance, precision, weight, eps), rows);
}

Tensor unit(const Tensor& vector, double eps) {
  return vector / std::max(norm(vector).item(), eps);
}

// 1/max(√squared, eps); its derivative is 0, not NaN, where squared is 0.
Tensor reciprocal_norm(const Tensor& squared, double eps) {
  return rsqrt(clamp(squared, eps * eps, std::numeric_limits<double>::infinity()));
}

void check_cosine_eps(const char* operation, double eps) {
  // The derivative of the reciprocal norm has the cube of 1/eps, which must not overflow f32.
  require(eps >= 1e-12 && std::isfinite(eps), operation, "eps must be 1e-12 or more, got {}", eps);
}

Tensor unit_rows(const char* operation, const Tensor& weight,
                 const CosineNormalizationOptions& options) {
  check_cosine_eps(operation, options.eps);
  const Tensor rows =
      options.centered ? centred_rows(operation, weight) : rows_of(operation, weight);
  return reshape(rows * reciprocal_norm(squared_norms(rows), options.eps), weight.shape());
}

// The cosine of x and each row of the weight; `product` computes the dot products.
Tensor cosine_of(const char* operation, const Tensor& x, const Tensor& weight,
                 const CosineProduct& product, const CosineNormalizationOptions& options) {
  const Tensor w = unit_rows(operation, weight, options);
  const Tensor dot = product(x, w);
  // Without groups all outputs use the same windows.
  const bool grouped = x.size(1) != weight.size(1);
  const Tensor ones =
      Tensor::ones(weight.shape().with(0, grouped ? weight.size(0) : 1), weight.dtype());
  Tensor squared = product(square(x), ones);
  if (options.centered) {
    const double n = static_cast<double>(weight.numel() / weight.size(0));
    squared = maximum(squared - square(product(x, ones)) / n,
                      squared * (64 * machine_epsilon(x.dtype())));
  }
  return dot * reciprocal_norm(squared, options.eps);
}

}  // namespace

Tensor row_norms(const Tensor& weight) {
  return norm(rows_of("row_norms", weight), 2, {1});
}

Tensor weight_standardization(const Tensor& weight, const Tensor& gain, double eps) {
  const OperationScope scope("weight_standardization");
  check_eps("weight_standardization", eps);
  const Tensor rows = centred_rows("weight_standardization", weight);
  const Tensor variance = mean(square(rows), {1}, true);
  Tensor y = rows * rsqrt(variance + eps);
  if (gain.defined()) y = y * column("weight_standardization", "gain", gain, weight);
  return reshape(y, weight.shape());
}

Tensor weight_norm(const Tensor& v, const Tensor& g) {
  const OperationScope scope("weight_norm");
  const Tensor rows = rows_of("weight_norm", v);
  const Tensor squared = squared_norms(rows);
  check_rows("weight_norm", "zero", squared, Tensor::zeros(squared.shape(), v.dtype()), v.shape());
  return reshape(rows * (column("weight_norm", "g", g, v) * rsqrt(squared)), v.shape());
}

Tensor centered_weight_norm(const Tensor& weight) {
  const OperationScope scope("centered_weight_norm");
  const Tensor rows = centred_rows("centered_weight_norm", weight);
  const Tensor squared = squared_norms(rows);
  const double rounding = 4 * machine_epsilon(weight.dtype());
  check_rows("centered_weight_norm", "constant", squared, no_grad([&] {
               return squared_norms(rows_of("centered_weight_norm", weight)) *
                      (rounding * rounding);
             }),
             weight.shape());
  return reshape(rows * rsqrt(squared), weight.shape());
}

Tensor weight_whitening(const Tensor& weight, double eps, int64_t group) {
  const OperationScope scope("weight_whitening");
  check_eps("weight_whitening", eps);
  require(group >= 0, "weight_whitening", "group must be 0 or more, got {}", group);
  const Tensor rows = centred_rows("weight_whitening", cast(weight, DType::f64));
  const int64_t count = rows.size(0), size = group == 0 ? count : std::min(group, count);
  const int64_t whole = count - count % size;
  const auto part = [&](int64_t begin, int64_t end, int64_t height) {
    const Tensor groups =
        reshape(row_view(rows, begin, end - begin), {(end - begin) / height, height, rows.size(1)});
    return reshape(whitened(groups, machine_epsilon(weight.dtype()), weight.shape(), eps),
                   {end - begin, rows.size(1)});
  };
  Tensor y = part(0, whole, size);
  if (whole < count) y = cat({y, part(whole, count, count - whole)});
  return cast(reshape(y, weight.shape()), weight.dtype());
}

SpectralNormResult spectral_norm(const Tensor& weight, const Tensor& u,
                                 const SpectralNormOptions& options) {
  const OperationScope scope("spectral_norm");
  check_eps("spectral_norm", options.eps);
  require(options.n_power_iterations >= 1, "spectral_norm",
          "n_power_iterations must be 1 or more, got {}", options.n_power_iterations);
  const Tensor rows = rows_of("spectral_norm", weight).detach();
  Tensor left = column("spectral_norm", "u", u, weight).detach(), right;
  {
    const NoGrad no_grad;
    left = reshape(left, {rows.size(0)});
    for (int64_t i = 0; i < options.n_power_iterations; ++i) {
      right = unit(matmul(left, rows), options.eps);
      left = unit(matmul(rows, right), options.eps);
    }
  }
  return {spectral_norm(weight, left, right), left, right};
}

Tensor spectral_norm(const Tensor& weight, const Tensor& u, const Tensor& v) {
  const OperationScope scope("spectral_norm");
  const Tensor rows = rows_of("spectral_norm", weight);
  require(u.shape() == Shape{rows.size(0)} && v.shape() == Shape{rows.size(1)}, "spectral_norm",
          "u and v must be ({}) and ({}), got {} and {}: weight {}", rows.size(0), rows.size(1),
          u.shape(), v.shape(), weight.shape());
  const Tensor sigma = sum(u * matmul(rows, v));
  require(sigma.item() != 0, "spectral_norm", "the singular value must not be 0: weight {}",
          weight.shape());
  return weight / sigma;
}

Tensor cosine_linear(const Tensor& x, const Tensor& weight,
                     const CosineNormalizationOptions& options) {
  const OperationScope scope("cosine_linear");
  const Tensor w = unit_rows("cosine_linear", weight, options);
  require(weight.rank() == 2 && x.rank() > 0 && x.size(-1) == weight.size(1), "cosine_linear",
          "input must be (…, in) and weight (out, in), got {} and {}", x.shape(), weight.shape());
  const Tensor centred = options.centered ? x - mean(x, {-1}, true) : x;
  return linear(centred, w) * reciprocal_norm(sum(square(centred), {-1}, true), options.eps);
}

Tensor cosine_conv2d(const Tensor& x, const Tensor& weight, const ConvolutionOptions& convolution,
                     const CosineNormalizationOptions& options) {
  const OperationScope scope("cosine_conv2d");
  detail::check_convolution("cosine_conv2d", x, weight, convolution);
  return cosine_of(
      "cosine_conv2d", x, weight,
      [&](const Tensor& input, const Tensor& w) { return conv2d(input, w, Tensor(), convolution); },
      options);
}

Tensor cosine_product(const Tensor& x, const Tensor& weight, const CosineProduct& product,
                      const CosineNormalizationOptions& options) {
  return cosine_of("cosine_product", x, weight, product, options);
}

}  // namespace gradus
