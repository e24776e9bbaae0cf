// GaussianProcess: regression (Rasmussen and Williams 2006, chapters 2, 4 and 5), and the expected
// improvement on the best.
#pragma once

#include "core/linalg/linalg.hpp"

namespace gradus::optim {

/// Points of features, of one length each, and their values.
struct Observations {
  std::vector<std::vector<double>> points;  ///< features of each observation
  std::vector<double> values;               ///< what was observed at each point
};

/// Matérn's kernel of smoothness 5/2 with a length scale ℓ for each group of features:
///
///     k(a, b) = σ²·(1 + √5·r + 5r²/3)·e^(−√5·r),  r² = Σ (aᵢ − bᵢ)²/ℓ(group of i)²
struct Matern {
  std::vector<double> length_scales;  ///< positive, one a group
  double signal_variance = 1;         ///< σ²; positive
  double noise_variance = 1e-6;       ///< of each observed value around the function; positive

  /// k(a, b). `groups` has the number of the length scale of each feature.
  double operator()(std::span<const double> a, std::span<const double> b,
                    std::span<const std::size_t> groups) const;
};

/// The distribution of functions of prior mean 0 given observations.
class GaussianProcess {
 public:
  /// The distribution of the function's value at a point.
  struct Prediction {
    double mean;      ///< of the function
    double variance;  ///< of the function, without noise
  };

  /// `groups` has the number of the length scale of each feature. Throws std::invalid_argument for
  /// sizes that don't fit, no observation, and a matrix of covariances that is singular.
  GaussianProcess(Observations observations, std::vector<std::size_t> groups, Matern kernel);
  /// With the kernel whose log marginal likelihood plus log prior is largest, found by L-BFGS from
  /// several starts. Priors, for values of deviation 1 and features in [0, 1]: log ℓ ~ N(0, 1²),
  /// log σ² ~ N(0, 1²), log noise variance ~ N(log 10⁻³, 2²).
  static GaussianProcess fit(Observations observations, std::vector<std::size_t> groups);

  /// The distribution at `point`, given the observations.
  Prediction predict(std::span<const double> point) const;
  /// −½·yᵀK⁻¹y − ½·log det K − ½n·log 2π, with the noise in K.
  double log_marginal_likelihood() const;
  /// Its derivatives by the logarithms of the length scales, σ² and the noise variance.
  std::vector<double> likelihood_gradient() const;
  /// The kernel, with the parameters in force.
  const Matern& kernel() const { return kernel_; }
  /// What the process was given.
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
