#include "data/preprocessing.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/autograd.hpp"
#include "core/number.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/linear.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "core/parallel.hpp"
#include "data/dataset.hpp"
#include "data/eigen.hpp"

namespace gradus::data {
namespace {

constexpr int64_t samples_at_once = 1024;

// Calls body(part) for the samples in order, f64 (count, values).
template <class Body>
void for_each_part(const Samples& samples, Body body) {
  const NoGrad no_grad;
  for (int64_t first = 0; first < samples.size(); first += samples_at_once)
    body(samples.part(first, std::min(samples_at_once, samples.size() - first)));
}

// The mean over all samples of map(part), row by row.
template <class Map>
Tensor mean_of(const Samples& samples, Map map) {
  Tensor total = Tensor::zeros({samples.shape().numel()}, DType::f64);
  for_each_part(samples, [&](const Tensor& part) { total = total + sum(map(part), {0}); });
  return no_grad([&] { return total / static_cast<double>(samples.size()); });
}

Tensor mean_of(const Samples& samples) {
  return mean_of(samples, [](const Tensor& part) { return part; });
}

struct Components {
  Tensor mean;
  Eigen eigen;
};

Components components_of(const Samples& samples) {
  const int64_t values = samples.shape().numel();
  Tensor covariance = Tensor::zeros({values, values}, DType::f64);
  const Tensor mean = mean_of(samples);
  for_each_part(samples, [&](const Tensor& part) {
    const Tensor centred = part - mean;
    covariance = covariance + matmul(centred, centred, {.a = true});
  });
  covariance = no_grad([&] { return covariance / static_cast<double>(samples.size()); });
  Components result{mean, symmetric_eigen(covariance)};
  // A variance is 0 or more; rounding may say otherwise.
  double* variances = result.eigen.values.mutable_data<double>();
  for (int64_t i = 0; i < values; ++i) variances[i] = std::max(0.0, variances[i]);
  return result;
}

int64_t count_of(const Tensor& variances, const PcaOptions& options) {
  const int64_t values = variances.numel();
  require(options.components >= 0 && options.components <= values, "pca",
          "components is 1 to {}, the number of values, got {}", values, options.components);
  require(options.variance > 0 && options.variance <= 1, "pca",
          "variance is above 0 and at most 1, got {}", options.variance);
  if (options.components > 0) return options.components;
  if (options.variance == 1) return values;
  const std::vector<double> all = variances.to_vector<double>();
  double total = 0, kept = 0;
  for (const double variance : all) total += variance;
  int64_t count = 0;
  while (count < values && (count == 0 || kept < options.variance * total)) kept += all[count++];
  return count;
}

// The first `count` eigenvectors as columns, each divided by √(λ + ε) where it is to be whitened.
Tensor projection(const Eigen& eigen, int64_t count, const double* eps) {
  const int64_t values = eigen.values.numel();
  Tensor result = Tensor::empty({values, count}, DType::f64);
  double* to = result.mutable_data<double>();
  const double *vectors = eigen.vectors.data<double>(), *variances = eigen.values.data<double>();
  for (int64_t value = 0; value < values; ++value)
    for (int64_t component = 0; component < count; ++component)
      *to++ =
          vectors[component * values + value] / (eps ? std::sqrt(variances[component] + *eps) : 1);
  return result;
}

void check(const WhiteningOptions& options) {
  require(options.eps > 0 && std::isfinite(options.eps), "whitening", "eps is positive, got {}",
          options.eps);
}

// x (rows, n) → to (rows, n)
template <class T>
void scale_rows(const T* x, T* to, int64_t rows, int64_t n, const Normalization& normalization) {
  const bool one = normalization.mean.size() == 1;
  parallel_for(rows, std::max<int64_t>(1, (1 << 14) / n), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin * n; i < end * n; ++i) {
      const auto value = static_cast<std::size_t>(one ? 0 : i % n);
      to[i] = static_cast<T>((x[i] - normalization.mean[value]) / normalization.deviation[value]);
    }
  });
}

double number(const char* name, const char* meaning, std::string_view text) {
  const std::optional<double> value = parse_number<double>(text);
  require(value && std::isfinite(*value), "preprocess", "{}: {}, got '{}'", name, meaning, text);
  return *value;
}

// "0.95" is a part of the variance, "50" a number of components.
PcaOptions pca_options(const char* name, std::string_view text) {
  if (text.empty()) return {};
  constexpr const char* meaning = "a part of the variance below 1 or a number of components";
  const double value = number(name, meaning, text);
  if (value > 0 && value < 1) return {.variance = value};
  require(value >= 1 && value == std::floor(value) && value < 1e9, "preprocess", "{}: {}, got '{}'",
          name, meaning, text);
  return {.components = static_cast<int64_t>(value)};
}

WhiteningOptions whitening_options(const char* name, std::string_view text) {
  if (text.empty()) return {};
  constexpr const char* meaning = "EPS is a positive number";
  const double eps = number(name, meaning, text);
  require(eps > 0, "preprocess", "{}: {}, got '{}'", name, meaning, text);
  return {.eps = eps};
}

template <class Fit>
Registry<PreprocessingFactory>::Entry without_argument(const char* name, const char* help,
                                                       Fit fitted) {
  return {name, help, [=](const Samples& samples, std::string_view argument) {
            require(argument.empty(), "preprocess", "{} takes no argument, got '{}'", name,
                    argument);
            return fitted(samples);
          }};
}

}  // namespace

Tensor Normalization::operator()(const Tensor& x) const {
  const int64_t rows = x.rank() > 0 ? x.size(0) : 0;
  require(rows > 0, "normalization", "needs samples (N, …), got {}", x.shape());
  const Shape sample = x.shape().without(0);
  check(sample);
  const NoGrad no_grad;
  Tensor result = Tensor::empty(x.shape(), x.dtype());
  dispatch_floating("normalization", x.dtype(), [&]<class T>(T) {
    scale_rows(x.data<T>(), result.mutable_data<T>(), rows, sample.numel(), *this);
  });
  return matrix ? product(result) : result;
}

Tensor Normalization::product(const Tensor& x) const {
  const NoGrad no_grad;
  const int64_t rows = x.size(0);
  const Tensor flat = reshape(matrix, {matrix.size(0), -1});
  const Tensor result = matmul(reshape(x, {rows, -1}), cast(flat, x.dtype()));
  return reshape(result, matrix.shape().without(0).inserted(0, rows));
}

void Normalization::check(const Shape& sample) const {
  const auto values = static_cast<std::size_t>(sample.numel());
  require(mean.size() == deviation.size() && (mean.size() == 1 || mean.size() == values),
          "normalized", "needs 1 mean and deviation or {} of a sample of shape {}, got {} and {}",
          values, sample, mean.size(), deviation.size());
  for (double value : deviation)
    require(value > 0, "normalized", "deviations are positive, got {}", value);
  require(!matrix || (matrix.rank() >= 2 && matrix.size(0) == sample.numel()), "normalized",
          "needs a matrix with {} rows for a sample of shape {}, got {}", values, sample,
          matrix ? matrix.shape() : Shape());
}

Shape Normalization::result_shape(const Shape& sample) const {
  return matrix ? matrix.shape().without(0) : sample;
}

bool Normalization::operator==(const Normalization& other) const {
  const auto values = [](const Tensor& x) {
    return x ? cast(x, DType::f64).to_vector<double>() : std::vector<double>{};
  };
  return mean == other.mean && deviation == other.deviation &&
         result_shape({}) == other.result_shape({}) && values(matrix) == values(other.matrix);
}

Samples::Samples(const Tensor& x) : size_(x.rank() > 0 ? x.size(0) : 0) {
  require(x.numel() > 0 && size_ > 0, "samples", "needs values (N, …), got {}", x.shape());
  shape_ = x.shape().without(0);
  read_ = [x](int64_t first, int64_t count) {
    const int64_t values = x.numel() / x.size(0);
    return cast(x.alias({count, values}, first * values), DType::f64);
  };
}

Samples::Samples(const Dataset& dataset) : size_(dataset.size()) {
  const Dataset original = dataset.normalized({});
  shape_ = original.sample_shape();
  read_ = [original](int64_t first, int64_t count) {
    return cast(reshape(original.batch(first, count).images, {count, -1}), DType::f64);
  };
}

Normalization min_max(const Samples& samples) {
  const auto values = static_cast<std::size_t>(samples.shape().numel());
  constexpr double infinity = std::numeric_limits<double>::infinity();
  std::vector<double> low(values, infinity), high(values, -infinity);
  for_each_part(samples, [&](const Tensor& part) {
    const double* x = part.data<double>();
    for (int64_t row = 0; row < part.size(0); ++row)
      for (std::size_t i = 0; i < values; ++i, ++x) {
        low[i] = std::min(low[i], *x);
        high[i] = std::max(high[i], *x);
      }
  });
  for (std::size_t i = 0; i < values; ++i) high[i] = high[i] > low[i] ? high[i] - low[i] : 1;
  return {low, high};
}

Normalization z_score(const Samples& samples) {
  const Tensor mean = mean_of(samples);
  const Tensor variance = mean_of(samples, [&](const Tensor& part) { return square(part - mean); });
  Normalization result{mean.to_vector<double>(), variance.to_vector<double>()};
  for (std::size_t i = 0; i < result.mean.size(); ++i) {
    double& deviation = result.deviation[i];
    deviation = std::sqrt(deviation);
    // Rounding leaves a constant of large size a deviation that isn't quite zero.
    if (deviation <= 1e-12 * std::abs(result.mean[i])) deviation = 1;
  }
  return result;
}

Normalization pca(const Samples& samples, const PcaOptions& options) {
  const auto [mean, eigen] = components_of(samples);
  const auto values = mean.to_vector<double>();
  return {values, std::vector<double>(values.size(), 1),
          projection(eigen, count_of(eigen.values, options), nullptr)};
}

Normalization pca_whitening(const Samples& samples, const PcaOptions& components,
                            const WhiteningOptions& options) {
  check(options);
  const auto [mean, eigen] = components_of(samples);
  const auto values = mean.to_vector<double>();
  return {values, std::vector<double>(values.size(), 1),
          projection(eigen, count_of(eigen.values, components), &options.eps)};
}

Normalization zca_whitening(const Samples& samples, const WhiteningOptions& options) {
  check(options);
  const auto [mean, eigen] = components_of(samples);
  const auto values = mean.to_vector<double>();
  const Tensor whitening = projection(eigen, mean.numel(), &options.eps);
  const Tensor matrix =
      no_grad([&, &vectors = eigen.vectors] { return matmul(whitening, vectors); });
  return {values, std::vector<double>(values.size(), 1),
          reshape(matrix, samples.shape().inserted(0, mean.numel()))};
}

const Registry<PreprocessingFactory>& preprocessings() {
  static const Registry<PreprocessingFactory> table(
      "preprocessing",
      {without_argument("none", "the values as they are, images from 0 to 1",
                        [](const Samples&) { return Normalization(); }),
       without_argument("min-max", "each value from 0 to 1", min_max),
       without_argument("z-score", "each value with mean 0 and deviation 1", z_score),
       {"pca", "principal components (pca:0.95 keeps that part of the variance, pca:50 so many)",
        [](const Samples& samples, std::string_view text) {
          return pca(samples, pca_options("pca", text));
        }},
       {"pca-whiten", "the same with variance 1 (pca-whiten:KEPT/EPS, default all/1e-5)",
        [](const Samples& samples, std::string_view text) {
          const std::size_t slash = std::min(text.find('/'), text.size());
          return pca_whitening(
              samples, pca_options("pca-whiten", text.substr(0, slash)),
              whitening_options("pca-whiten", text.substr(std::min(slash + 1, text.size()))));
        }},
       {"zca", "decorrelated values of variance 1, near the original (zca:EPS, default 1e-5)",
        [](const Samples& samples, std::string_view text) {
          return zca_whitening(samples, whitening_options("zca", text));
        }}});
  return table;
}

Normalization fit(std::string_view text, const Samples& samples) {
  const std::size_t colon = std::min(text.find(':'), text.size());
  require(colon + 1 != text.size(), "preprocess", "the argument is missing in '{}'", text);
  return preprocessings().find(text.substr(0, colon))(
      samples, text.substr(std::min(colon + 1, text.size())));
}

}  // namespace gradus::data
