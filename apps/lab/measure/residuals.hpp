// polynomial_residuals, network_residuals: least-squares fits of models of growing size.
#pragma once

#include "core/random.hpp"

namespace gradus::lab {

/// f64 (n, 1) each.
struct Points {
  Tensor x, y;
};

/// n points, x uniform in [−1, 1] and y = f(x) + noise·normal.
Points draw_points(Tensor (*f)(const Tensor& x), int64_t n, double noise, Rng& rng);

/// Σ(y − model(x))² of the polynomials of degrees 0 … largest.
std::vector<double> polynomial_residuals(const Points& points, int64_t largest);

/// The same for networks with one hidden layer of 0 … largest tanh units and a linear output. Each
/// is the best of twelve trainings by L-BFGS from random weights and of the smaller networks, which
/// it contains.
std::vector<double> network_residuals(const Points& points, int64_t largest, Rng& rng);

/// The log-likelihood of n points under normal noise of fitted variance, from the sum of their
/// squared residuals: −n/2·(ln(2π·residual/n) + 1).
double log_likelihood(double residual, int64_t n);

}  // namespace gradus::lab
