// Normalization of weights, and of the product of input and weight. The first dimension of a weight
// counts the outputs; the rest of it, flattened, is the row of an output: (out, in), or
// (out, in/groups, kernel…). Errors: std::invalid_argument, for weights without rows, for eps out
// of range, and where said.
#pragma once

#include <functional>

#include "core/ops/convolution.hpp"

namespace gradus {

/// Qiao et al. 2019: per row (w − mean)/√(variance + eps), the variance biased, times `gain` (out)
/// where defined. A constant row becomes 0. Throws for rows of a single weight and eps ≤ 0.
Tensor weight_standardization(const Tensor& weight, const Tensor& gain = Tensor(),
                              double eps = 1e-5);

/// Salimans and Kingma 2016: per row g·v/‖v‖, g (out). Throws for a row of norm 0.
Tensor weight_norm(const Tensor& v, const Tensor& g);

/// Huang et al. 2017: per row (w − mean)/‖w − mean‖. Throws for a row that is constant to rounding.
Tensor centered_weight_norm(const Tensor& weight);

/// Huang et al. 2018: (F Fᵀ + eps·I)^(−1/2) F, F the rows minus their means: decorrelates the
/// outputs' weights, those of each `group` rows by themselves (the last ones perhaps fewer), or all
/// for 0: each row then takes work in the square of `group`. By Newton and Schulz's iteration, in
/// f64 whatever the type. A constant row becomes 0. Throws for rows of a single weight, eps ≤ 0,
/// group < 0, and where the iteration doesn't converge (eps too small beside F Fᵀ).
Tensor weight_whitening(const Tensor& weight, double eps = 1e-5, int64_t group = 0);

/// Options of spectral_norm().
struct SpectralNormOptions {
  int64_t n_power_iterations = 1;  ///< 1 or more
  double eps = 1e-12;              ///< the least norm that a vector is divided by; positive
};
/// Result of spectral_norm(): the normalized weight and the singular vectors for the next call.
struct SpectralNormResult {
  Tensor weight;  ///< weight/σ
  Tensor u;       ///< (out): the left singular vector so far, outside the graph
  Tensor v;       ///< (row): the right singular vector so far, outside the graph
};
/// Miyato et al. 2018: weight/σ with the largest singular value σ = uᵀWv of the matrix W of rows;
/// each iteration of the power method is v ← Wᵀu/‖Wᵀu‖, u ← Wv/‖Wv‖, not differentiated. Throws
/// where σ is 0.
SpectralNormResult spectral_norm(const Tensor& weight, const Tensor& u,
                                 const SpectralNormOptions& options = {});
/// weight/(uᵀWv) for known u (out) and v (row).
Tensor spectral_norm(const Tensor& weight, const Tensor& u, const Tensor& v);

/// Options of cosine_linear(), cosine_conv2d() and cosine_product().
struct CosineNormalizationOptions {
  bool centered = false;  ///< subtract the mean of each row, and of what it is multiplied by
  double eps = 1e-8;      ///< the least norm that is divided by; 1e-12 or more
};
/// Luo et al. 2018: x·w/(max(‖x‖, eps)·max(‖w‖, eps)), within −1 … 1: x (…, in), weight (out, in) →
/// (…, out).
Tensor cosine_linear(const Tensor& x, const Tensor& weight,
                     const CosineNormalizationOptions& options = {});
/// The same for each window of an image and each filter, padding counted as zeros; shapes as of
/// conv2d.
Tensor cosine_conv2d(const Tensor& x, const Tensor& weight,
                     const ConvolutionOptions& convolution = {},
                     const CosineNormalizationOptions& options = {});
/// The same for any `product(x, weight)` that is linear in both and has the channels of x in
/// dimension 1, such as a convolution in one dimension. A window that is constant to rounding
/// counts as one of norm √(64·machine epsilon)·‖window‖ when centred.
Tensor cosine_product(const Tensor& x, const Tensor& weight,
                      const std::function<Tensor(const Tensor& x, const Tensor& weight)>& product,
                      const CosineNormalizationOptions& options = {});

/// ‖w‖ of each row, (out).
Tensor row_norms(const Tensor& weight);

}  // namespace gradus
