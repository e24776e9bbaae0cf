#include "optim/search/gaussian_process.hpp"

#include <cmath>
#include <numbers>
#include <numeric>

#include "core/math.hpp"
#include "optim/algorithms/lbfgs.hpp"

namespace gradus::optim {
namespace {

const double root5 = std::sqrt(5.0);

// The prior of the logarithm of a kernel parameter.
struct LogNormal {
  double mean, deviation;
};
constexpr LogNormal length_scale_prior{0, 1}, signal_prior{0, 1}, noise_prior{-6.9, 2};
// A bound that values of deviation 1 never need, so that exp() stays finite.
constexpr double largest_logarithm = 12;

linalg::Cholesky factorize(const Observations& observations, const std::vector<std::size_t>& groups,
                           const Matern& kernel) {
  const std::size_t n = observations.points.size();
  require(n > 0 && observations.values.size() == n, "gaussian_process",
          "there must be one value per point, and at least one point, got {} and {}",
          observations.values.size(), n);
  for (const std::vector<double>& point : observations.points)
    require(point.size() == groups.size(), "gaussian_process",
            "points must have {} features, got {}", groups.size(), point.size());
  for (const std::size_t group : groups)
    require(group < kernel.length_scales.size(), "gaussian_process",
            "groups must be below the number of length scales, {}, got {}",
            kernel.length_scales.size(), group);
  std::vector<double> covariance(n * n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j <= i; ++j)
      covariance[j * n + i] = kernel(observations.points[i], observations.points[j], groups) +
                              (i == j ? kernel.noise_variance : 0);
  auto factor = linalg::Cholesky::of(std::move(covariance), static_cast<int>(n));
  require(factor.has_value(), "gaussian_process",
          "the covariance matrix must not be singular: noise variance {} is too small",
          kernel.noise_variance);
  return *std::move(factor);
}

// The kernel for a vector of logarithms: length scales, σ², noise.
Matern kernel_of(std::vector<double> logarithms) {
  for (double& value : logarithms)
    value = math::exp(std::clamp(value, -largest_logarithm, largest_logarithm));
  const double signal = logarithms.end()[-2], noise = logarithms.end()[-1];
  logarithms.resize(logarithms.size() - 2);
  return {std::move(logarithms), signal, noise};
}

const LogNormal& prior_of(std::size_t parameter, std::size_t parameters) {
  if (parameter + 1 == parameters) return noise_prior;
  return parameter + 2 == parameters ? signal_prior : length_scale_prior;
}

// The negative log posterior with its gradient, for L-BFGS.
Tensor objective(Tensor& logarithms, const Observations& observations,
                 const std::vector<std::size_t>& groups) {
  const std::vector<double> at = logarithms.to_vector<double>();
  const GaussianProcess process(observations, groups, kernel_of(at));
  double loss = -process.log_marginal_likelihood();
  std::vector<double> gradient = process.likelihood_gradient();
  for (std::size_t i = 0; i < at.size(); ++i) {
    const LogNormal& prior = prior_of(i, at.size());
    const double distance = (at[i] - prior.mean) / prior.deviation;
    loss += distance * distance / 2;
    gradient[i] = distance / prior.deviation - gradient[i];
  }
  logarithms.set_grad(Tensor::from(gradient, logarithms.shape()));
  return Tensor::scalar(loss, DType::f64);
}

}  // namespace

double Matern::operator()(std::span<const double> a, std::span<const double> b,
                          std::span<const std::size_t> groups) const {
  double squares = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double distance = (a[i] - b[i]) / length_scales[groups[i]];
    squares += distance * distance;
  }
  const double r = root5 * std::sqrt(squares);
  return signal_variance * (1 + r + r * r / 3) * math::exp(-r);
}

GaussianProcess::GaussianProcess(Observations observations, std::vector<std::size_t> groups,
                                 Matern kernel)
    : observations_(std::move(observations)),
      groups_(std::move(groups)),
      kernel_(std::move(kernel)),
      factor_(factorize(observations_, groups_, kernel_)),
      weights_(factor_.solve(observations_.values)) {}

GaussianProcess::Prediction GaussianProcess::predict(std::span<const double> point) const {
  std::vector<double> covariances;
  for (const std::vector<double>& other : observations_.points)
    covariances.push_back(kernel_(point, other, groups_));
  const double mean =
      std::inner_product(covariances.begin(), covariances.end(), weights_.begin(), 0.0);
  const std::vector<double> known = factor_.solve_lower(std::move(covariances));
  const double explained = std::inner_product(known.begin(), known.end(), known.begin(), 0.0);
  return {mean, std::max(0.0, kernel_.signal_variance - explained)};
}

double GaussianProcess::log_marginal_likelihood() const {
  const std::vector<double>& y = observations_.values;
  const double fit = std::inner_product(y.begin(), y.end(), weights_.begin(), 0.0);
  return -(fit + factor_.log_determinant() +
           static_cast<double>(y.size()) * math::log(2 * std::numbers::pi)) /
         2;
}

// ½·tr((ααᵀ − K⁻¹)·∂K/∂θ) with α = K⁻¹y; every ∂K/∂θ is symmetric.
std::vector<double> GaussianProcess::likelihood_gradient() const {
  const std::size_t n = weights_.size(), scales = kernel_.length_scales.size();
  const std::vector<double> inverse = factor_.inverse();
  std::vector<double> gradient(scales + 2);
  std::vector<double> squares(scales);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j <= i; ++j) {
      const double factor = (weights_[i] * weights_[j] - inverse[j * n + i]) * (i == j ? 0.5 : 1);
      std::ranges::fill(squares, 0);
      const auto &a = observations_.points[i], &b = observations_.points[j];
      for (std::size_t k = 0; k < groups_.size(); ++k) {
        const double distance = (a[k] - b[k]) / kernel_.length_scales[groups_[k]];
        squares[groups_[k]] += distance * distance;
      }
      const double r = root5 * std::sqrt(std::accumulate(squares.begin(), squares.end(), 0.0));
      const double decay = kernel_.signal_variance * math::exp(-r);
      for (std::size_t s = 0; s < scales; ++s)
        gradient[s] += factor * decay * (1 + r) * 5 / 3 * squares[s];
      gradient[scales] += factor * decay * (1 + r + r * r / 3);
      if (i == j) gradient[scales + 1] += factor * kernel_.noise_variance;
    }
  return gradient;
}

GaussianProcess GaussianProcess::fit(Observations observations, std::vector<std::size_t> groups) {
  const std::size_t scales = groups.empty() ? 0 : *std::ranges::max_element(groups) + 1;
  double best_loss = std::numeric_limits<double>::infinity();
  Matern best;
  for (const double start : {0.0, -1.5, 1.5}) {
    std::vector<double> logarithms(scales + 2, start);
    logarithms[scales] = signal_prior.mean;
    logarithms[scales + 1] = noise_prior.mean;
    Tensor theta = Tensor::from(logarithms, {static_cast<int64_t>(scales) + 2}).set_requires_grad();
    LBFGS optimizer({{"logarithms", theta}}, {.max_iterations = 40, .max_evaluations = 60});
    const double loss = optimizer.step([&] { return objective(theta, observations, groups); });
    if (loss < best_loss) {
      best_loss = loss;
      best = kernel_of(theta.to_vector<double>());
    }
  }
  return GaussianProcess(std::move(observations), std::move(groups), std::move(best));
}

GaussianProcess GaussianProcess::with(std::vector<double> point, double value) const {
  Observations more = observations_;
  more.points.push_back(std::move(point));
  more.values.push_back(value);
  return GaussianProcess(std::move(more), groups_, kernel_);
}

double expected_improvement(double mean, double deviation, double best) {
  const double improvement = mean - best;
  if (deviation <= 0) return std::max(0.0, improvement);
  const double z = improvement / deviation;
  const double density = math::exp(-z * z / 2) * std::numbers::inv_sqrtpi / std::numbers::sqrt2;
  const double distribution = math::normal_cdf(z);
  return improvement * distribution + deviation * density;
}

}  // namespace gradus::optim
