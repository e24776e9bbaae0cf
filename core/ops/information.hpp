// Measures of information and distances between distributions, in nats. A distribution stands in
// the last dimension: p (…, K) has K probabilities, 0 or more, that sum to 1 within 1e-3 (1e-6 in
// f64); results have the shape (…). Errors: std::invalid_argument.
#pragma once

#include "core/tensor.hpp"

namespace gradus {

/// H(p) = −Σ p·log p, with 0·log 0 = 0 (Shannon 1948).
Tensor entropy(const Tensor& p);
/// H(p, q) = −Σ p·log q: 0 where p = 0, infinite where q = 0 < p.
Tensor cross_entropy_distributions(const Tensor& p, const Tensor& q);
/// KL(p ‖ q) = Σ p·log(p/q) (Kullback and Leibler 1951): 0 where p = 0, infinite where q = 0 < p.
Tensor kl_divergence(const Tensor& p, const Tensor& q);
/// ½·KL(p ‖ m) + ½·KL(q ‖ m) with m = (p + q)/2 (Lin 1991): at most ln 2, whatever p and q.
Tensor js_divergence(const Tensor& p, const Tensor& q);

/// The least mean way to carry the points `u` to the points `v`, both on the line: ∫|F_u − F_v|,
/// the Wasserstein-1 or earth mover's distance. Weights, 0 or more and one for each point, are
/// divided by their sum; without them all points weigh the same. Throws for no points, values that
/// aren't finite, and weights that are negative, not one for each point, or sum to 0.
double wasserstein_distance(std::span<const double> u, std::span<const double> v,
                            std::span<const double> u_weights = {},
                            std::span<const double> v_weights = {});

/// Akaike's criterion 2k − 2·ln L (1974), the smaller the better: of a model with k parameters,
/// fitted to the logarithm ln L of its likelihood. For a network k is a convention: its parameters
/// are neither identifiable nor fitted to a maximum.
double aic(double log_likelihood, int64_t num_parameters);
/// Schwarz's criterion k·ln n − 2·ln L (1978), for n samples; its penalty is above that of aic()
/// from n > e² ≈ 7.4 on.
double bic(double log_likelihood, int64_t num_parameters, int64_t num_samples);

}  // namespace gradus
