// weight_norm, weight_standardization, spectral_norm, cosine_linear …: normalization of weights,
// and of the product of input and weight. The first dimension of a weight is that of the outputs;
// the other dimensions, flattened, are the row of an output: (out, in), or (out, in/groups,
// kernel…). Errors: std::invalid_argument for weights without rows, for eps out of range, and as
// described at the functions.
#pragma once

#include <functional>

#include "core/ops/convolution.hpp"

namespace gradus {

/// Qiao et al. 2019: per row (w − mean)/√(variance + eps), with the biased variance, times `gain`
/// (out) if defined. A constant row becomes 0. Throws for rows of a single weight and eps ≤ 0.
Tensor weight_standardization(const Tensor& weight, const Tensor& gain = Tensor(),
                              double eps = 1e-5);

/// Salimans and Kingma 2016: per row g·v/‖v‖, g (out). Throws for a row of norm 0.
Tensor weight_norm(const Tensor& v, const Tensor& g);

/// Huang et al. 2017: per row (w − mean)/‖w − mean‖. Throws for a row that is constant up to
/// rounding.
Tensor centered_weight_norm(const Tensor& weight);

/// Huang et al. 2018: (F Fᵀ + eps·I)^(−1/2) F, F the rows minus their means. It decorrelates the
/// outputs' weights within groups of `group` rows (the last group may be smaller), or all for 0;
/// the work per row grows with the square of `group`. Computed by Newton and Schulz's iteration, in
/// f64 for every type. A constant row becomes 0. Throws for rows of a single weight, eps ≤ 0,
/// group < 0, and if the iteration doesn't converge (eps too small compared with F Fᵀ).
Tensor weight_whitening(const Tensor& weight, double eps = 1e-5, int64_t group = 0);

/// Options of spectral_norm().
struct SpectralNormOptions {
  int64_t n_power_iterations = 1;  ///< 1 or more
  double eps = 1e-12;              ///< lower bound of the norms in divisions; positive
};
/// Result of spectral_norm(): the normalized weight and the singular vectors for the next call.
struct SpectralNormResult {
  Tensor weight;  ///< weight/σ
  Tensor u;       ///< (out): estimate of the left singular vector, without a gradient
  Tensor v;       ///< (row): estimate of the right singular vector, without a gradient
};
/// Miyato et al. 2018: weight/σ with the largest singular value σ = uᵀWv of the matrix W of rows;
/// each iteration of the power method is v ← Wᵀu/‖Wᵀu‖, u ← Wv/‖Wv‖, not differentiated. Throws if
/// σ is 0.
SpectralNormResult spectral_norm(const Tensor& weight, const Tensor& u,
                                 const SpectralNormOptions& options = {});
/// weight/(uᵀWv) for known u (out) and v (row).
Tensor spectral_norm(const Tensor& weight, const Tensor& u, const Tensor& v);

/// Options of cosine_linear(), cosine_conv2d() and cosine_product().
struct CosineNormalizationOptions {
  bool centered = false;  ///< subtract the mean of each row and of each input vector
  double eps = 1e-8;      ///< lower bound of the norms in divisions; 1e-12 or more
};
/// Luo et al. 2018: x·w/(max(‖x‖, eps)·max(‖w‖, eps)), within −1 … 1: x (…, in), weight (out, in) →
/// (…, out).
Tensor cosine_linear(const Tensor& x, const Tensor& weight,
                     const CosineNormalizationOptions& options = {});
/// The same for each window of an image and each filter; padding counts as zeros. Shapes as in
/// conv2d.
Tensor cosine_conv2d(const Tensor& x, const Tensor& weight,
                     const ConvolutionOptions& convolution = {},
                     const CosineNormalizationOptions& options = {});
/// A product that is linear in both and has the channels of x in dimension 1, such as a
/// one-dimensional convolution.
using CosineProduct = std::function<Tensor(const Tensor& x, const Tensor& weight)>;
/// The same for any product. With `centered`, a window that is constant up to rounding gets the
/// norm √(64·machine epsilon)·‖window‖.
Tensor cosine_product(const Tensor& x, const Tensor& weight, const CosineProduct& product,
                      const CosineNormalizationOptions& options = {});

/// ‖w‖ of each row, (out).
Tensor row_norms(const Tensor& weight);

}  // namespace gradus
