// entropy, kl_divergence, aic …: measures of information and distances between distributions, in
// nats. The last dimension is a distribution: p (…, K) has K probabilities, 0 or more, with sum 1
// within 1e-3 (1e-6 in f64); results have the shape (…). Errors: std::invalid_argument.
#pragma once

#include "core/tensor.hpp"

namespace gradus {

/// H(p) = −Σ p·log p, with 0·log 0 = 0 (Shannon 1948).
Tensor entropy(const Tensor& p);
/// H(p, q) = −Σ p·log q: 0 where p = 0, infinite where q = 0 < p.
Tensor cross_entropy_distributions(const Tensor& p, const Tensor& q);
/// KL(p ‖ q) = Σ p·log(p/q) (Kullback and Leibler 1951): 0 where p = 0, infinite where q = 0 < p.
/// The loss kl_div() has logarithms as input, doesn't check them, and its order is the other.
Tensor kl_divergence(const Tensor& p, const Tensor& q);
/// ½·KL(p ‖ m) + ½·KL(q ‖ m) with m = (p + q)/2 (Lin 1991), at most ln 2.
Tensor js_divergence(const Tensor& p, const Tensor& q);

/// The Wasserstein-1 (earth mover's) distance between the points `u` and `v` on the line: the
/// smallest mean distance to move the one to the other, ∫|F_u − F_v|. Weights, 0 or more and one
/// for each point, are divided by their sum; without them all points have equal weight. Throws for
/// no points, for values that aren't finite, and for weights that are negative, not one for each
/// point, or have sum 0.
double wasserstein_distance(std::span<const double> u, std::span<const double> v,
                            std::span<const double> u_weights = {},
                            std::span<const double> v_weights = {});

/// Akaike's criterion 2k − 2·ln L (1974) of a model with k parameters and log-likelihood ln L;
/// smaller is better. For a network k is only a convention: its parameters are neither identifiable
/// nor fitted to a maximum.
double aic(double log_likelihood, int64_t num_parameters);
/// Schwarz's criterion k·ln n − 2·ln L (1978), for n samples; its penalty is larger than that of
/// aic() for n > e² ≈ 7.4.
double bic(double log_likelihood, int64_t num_parameters, int64_t num_samples);

}  // namespace gradus
