// GaussianProcess, expected_improvement: Gaussian process regression (Rasmussen and Williams 2006,
// chapters 2, 4 and 5).
#pragma once

#include "core/linalg/linalg.hpp"

namespace gradus::optim {

/// Points (feature vectors of equal length) and the values observed there.
struct Observations {
  std::vector<std::vector<double>> points;  ///< features of each observation
  std::vector<double> values;               ///< the value at each point
};

/// The Matérn kernel of smoothness 5/2 with a length scale ℓ for each group of features:
///
///     k(a, b) = σ²·(1 + √5·r + 5r²/3)·e^(−√5·r),  r² = Σ (aᵢ − bᵢ)²/ℓ(group of i)²
struct Matern {
  std::vector<double> length_scales;  ///< positive, one per group
  double signal_variance = 1;         ///< σ²; positive
  double noise_variance = 1e-6;       ///< noise variance of the observed values; positive

  /// k(a, b). `groups` has the index of each feature's length scale.
  double operator()(std::span<const double> a, std::span<const double> b,
                    std::span<const std::size_t> groups) const;
};

/// The posterior distribution of functions, with prior mean 0, given observations.
class GaussianProcess {
 public:
  /// The posterior of the function's value at a point.
  struct Prediction {
    double mean;      ///< mean of the function
    double variance;  ///< variance of the function, without noise
  };

  /// `groups` has the index of each feature's length scale. Throws std::invalid_argument for wrong
  /// sizes, no observations, and a singular covariance matrix.
  GaussianProcess(Observations observations, std::vector<std::size_t> groups, Matern kernel);
  /// Uses the kernel with the largest log marginal likelihood plus log prior, found by L-BFGS from
  /// several starts. The priors are for values of deviation 1 and features in [0, 1]: log ℓ ~ N(0,
  /// 1²), log σ² ~ N(0, 1²), log noise variance ~ N(log 10⁻³, 2²).
  static GaussianProcess fit(Observations observations, std::vector<std::size_t> groups);

  /// The distribution at `point`, given the observations.
  Prediction predict(std::span<const double> point) const;
  /// −½·yᵀK⁻¹y − ½·log det K − ½n·log 2π, with the noise in K.
  double log_marginal_likelihood() const;
  /// Its derivatives with respect to the logarithms of the length scales, σ² and the noise
  /// variance.
  std::vector<double> likelihood_gradient() const;
  /// The kernel with its parameters.
  const Matern& kernel() const { return kernel_; }
  /// The observations.
  const Observations& observations() const { return observations_; }
  /// The same kernel with one more observation.
  GaussianProcess with(std::vector<double> point, double value) const;

 private:
  Observations observations_;
  std::vector<std::size_t> groups_;
  Matern kernel_;
  linalg::Cholesky factor_;      // of K
  std::vector<double> weights_;  // K⁻¹y
};

/// E[max(0, f − best)] for f ~ N(mean, deviation²) (Jones, Schonlau and Welch 1998):
/// (mean − best)·Φ(z) + deviation·φ(z), z = (mean − best)/deviation; max(0, mean − best) for a
/// deviation of 0.
double expected_improvement(double mean, double deviation, double best);

}  // namespace gradus::optim
