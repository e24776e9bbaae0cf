// polynomial_residuals, network_residuals: models of growing size, fitted by least squares.
#pragma once

#include "core/random.hpp"

namespace gradus::lab {

/// f64 (n, 1) each.
struct Points {
  Tensor x, y;
};

/// n points with x uniform in −1 … 1 and y = f(x) + noise·normal.
Points draw_points(Tensor (*f)(const Tensor& x), int64_t n, double noise, Rng& rng);

/// Σ(y − model(x))² of the polynomials of degrees 0 … largest.
std::vector<double> polynomial_residuals(const Points& points, int64_t largest);

/// The same of networks with one hidden layer of 0 … largest tanh units and a linear output, each
/// the best of twelve trainings by L-BFGS from weights drawn from `rng`, and no worse than the
/// smaller ones, which it could be.
std::vector<double> network_residuals(const Points& points, int64_t largest, Rng& rng);

/// The logarithm of the likelihood of n points from the sum of their squared residuals: of normal
/// noise, its variance being fitted too, −n/2·(ln(2π·residual/n) + 1).
double log_likelihood(double residual, int64_t n);

}  // namespace gradus::lab
