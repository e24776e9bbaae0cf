#include "data/transform/preprocessing.hpp"

#include <cmath>

#include "core/autograd.hpp"
#include "core/linalg/linalg.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/linear.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "core/text/option_table.hpp"

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
  std::vector<double> variances;  // in descending order
  Tensor axes;  // f64 (values, values); the first column has the smallest variance
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
  const auto [squares, axes] = linalg::eigh(covariance);
  std::vector<double> variances = squares.to_vector<double>();
  std::ranges::reverse(variances);
  // Rounding may make a variance negative.
  for (double& variance : variances) variance = std::max(0.0, variance);
  return {mean, variances, axes};
}

int64_t count_of(const std::vector<double>& variances, const PcaOptions& options) {
  const int64_t values = std::ssize(variances);
  require(options.components >= 0 && options.components <= values, "pca",
          "components must be 1 to {}, the number of values, got {}", values, options.components);
  require(options.variance > 0 && options.variance <= 1, "pca",
          "variance must be above 0 and at most 1, got {}", options.variance);
  if (options.components > 0) return options.components;
  if (options.variance == 1) return values;
  double total = 0, kept = 0;
  for (const double variance : variances) total += variance;
  int64_t count = 0;
  while (count < values && (count == 0 || kept < options.variance * total))
    kept += variances[static_cast<std::size_t>(count++)];
  return count;
}

// The axes of the `count` largest variances in descending order; for whitening, each divided by
// √(variance + ε).
Tensor projection(const Components& components, int64_t count, std::optional<double> eps = {}) {
  const int64_t values = std::ssize(components.variances);
  Tensor result = Tensor::empty({values, count}, DType::f64);
  double* to = result.mutable_data<double>();
  const double *axes = components.axes.data<double>(), *variances = components.variances.data();
  for (int64_t value = 0; value < values; ++value)
    for (int64_t i = 0; i < count; ++i)
      *to++ = axes[(value + 1) * values - 1 - i] / (eps ? std::sqrt(variances[i] + *eps) : 1);
  return result;
}

// Samples minus their mean, times `matrix`.
Normalization centred_product(const Components& components, const Tensor& matrix) {
  const std::vector<double> mean = components.mean.to_vector<double>();
  return {mean, std::vector<double>(mean.size(), 1), matrix};
}

// 0.95 is a fraction of the variance, 50 a number of components, 0 means all.
PcaOptions pca_options(double kept) {
  if (kept < 1) return {.variance = kept > 0 ? kept : 1};
  require(range::count.holds(kept), "preprocess",
          "kept must be a fraction of the variance below 1 or a number of components, got {}",
          kept);
  return {.components = static_cast<int64_t>(kept)};
}

// fitted() gets the samples and, if there are `options`, their numbers.
template <class Fit>
Registry<PreprocessingFactory>::Entry entry(const char* name, const char* help, Fit fitted,
                                            const std::vector<OptionInfo>& options = {}) {
  return {name, described(help, options), made_from(options, fitted)};
}

}  // namespace

Samples::Samples(const Tensor& x) : size_(x.rank() > 0 ? x.size(0) : 0) {
  require(x.numel() > 0 && size_ > 0, "samples",
          "samples must be (N, …) with at least one value, got {}", x.shape());
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
    return cast(reshape(original.batch(first, count).inputs, {count, -1}), DType::f64);
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
    // Rounding gives a large constant a deviation slightly above zero.
    if (deviation <= 1e-12 * std::abs(result.mean[i])) deviation = 1;
  }
  return result;
}

Normalization pca(const Samples& samples, const PcaOptions& options) {
  const Components components = components_of(samples);
  return centred_product(components,
                         projection(components, count_of(components.variances, options)));
}

Normalization pca_whitening(const Samples& samples, const PcaOptions& kept,
                            const WhiteningOptions& options) {
  range::positive.check("whitening", "eps", options.eps);
  const Components components = components_of(samples);
  return centred_product(components,
                         projection(components, count_of(components.variances, kept), options.eps));
}

Normalization zca_whitening(const Samples& samples, const WhiteningOptions& options) {
  range::positive.check("whitening", "eps", options.eps);
  const Components components = components_of(samples);
  const int64_t values = samples.shape().numel();
  const Tensor whitening = projection(components, values, options.eps);
  const Tensor matrix =
      no_grad([&] { return matmul(whitening, projection(components, values), {.b = true}); });
  return centred_product(components, reshape(matrix, samples.shape().inserted(0, values)));
}

const Registry<PreprocessingFactory>& preprocessings() {
  using Numbers = std::vector<double>;
  const OptionInfo kept{"kept", "", 0., range::positive};
  const OptionInfo eps{"eps", "", WhiteningOptions().eps, range::positive};
  static const Registry<PreprocessingFactory> table(
      "preprocessing",
      {entry("none", "the unchanged values, images from 0 to 1",
             [](const Samples&) { return Normalization(); }),
       entry("min-max", "scale each value to 0 … 1", min_max),
       entry("z-score", "scale each value to mean 0 and deviation 1", z_score),
       entry("pca",
             "principal components (pca:0.95 keeps this fraction of the variance, pca:50 keeps 50)",
             [](const Samples& x, const Numbers& n) { return pca(x, pca_options(n[0])); }, {kept}),
       entry("pca-whiten", "principal components, each scaled to variance 1",
             [](const Samples& x, const Numbers& n) {
               return pca_whitening(x, pca_options(n[0]), {.eps = n[1]});
             },
             {kept, eps}),
       entry("zca", "decorrelated values of variance 1, as near to the original as possible",
             [](const Samples& x, const Numbers& n) { return zca_whitening(x, {.eps = n[0]}); },
             {eps})});
  return table;
}

Normalization fit(std::string_view text, const Samples& samples) {
  return preprocessings().make(parse_spec(text, {.owner = "preprocess", .separators = ",/"}),
                               samples);
}

}  // namespace gradus::data
