// min_max, z_score, pca, whitening: scale and decorrelate a sample's values, fitted on training
// data.
#pragma once

#include "core/text/registry.hpp"
#include "data/dataset.hpp"

namespace gradus::data {

/// The samples (N, …) that a normalization is fitted to, read in parts. Those of a data set are
/// taken before its own normalization.
class Samples {
 public:
  Samples(const Tensor& x);  ///< f32 or f64 (N, …), N ≥ 1
  /// The samples of a data set, before its own normalization.
  Samples(const Dataset& dataset);

  /// The number of samples.
  int64_t size() const { return size_; }
  const Shape& shape() const { return shape_; }  ///< of one sample
  /// Samples first … first + count − 1: f64 (count, values of a sample).
  Tensor part(int64_t first, int64_t count) const { return read_(first, count); }

 private:
  int64_t size_;
  Shape shape_;
  std::function<Tensor(int64_t, int64_t)> read_;
};

/// (x − min)/(max − min) of each value: 0 … 1 on the samples it was fitted to; 0 for a constant
/// value.
Normalization min_max(const Samples& samples);

/// (x − μ)/σ of each value, with the biased σ; a constant value is only centred.
Normalization z_score(const Samples& samples);

/// How many of the principal components are kept.
struct PcaOptions {
  int64_t components = 0;  ///< number of components; 0: as many as `variance` needs
  double variance = 1;     ///< at least this fraction of the total variance, in (0, 1]
};

/// (x − μ)·V: the coordinates along the eigenvectors of the (biased) covariance C = V·Λ·Vᵀ, the
/// largest variance first (Pearson 1901). The result is flat: (components). Throws
/// std::invalid_argument for options out of range.
Normalization pca(const Samples& samples, const PcaOptions& options = {});

/// Options of pca_whitening() and zca_whitening().
struct WhiteningOptions {
  double eps =
      1e-5;  ///< ε, added to each variance; positive. 0.01 to 0.1 keeps images' noise small
};

/// (x − μ)·V·diag(1/√(λ + ε)): principal components of variance 1.
Normalization pca_whitening(const Samples& samples, const PcaOptions& components = {},
                            const WhiteningOptions& options = {});

/// (x − μ)·V·diag(1/√(λ + ε))·Vᵀ: the whitened data nearest to the original (Bell and Sejnowski
/// 1997). The shape stays: an image remains an image.
Normalization zca_whitening(const Samples& samples, const WhiteningOptions& options = {});

/// Fits a normalization by its specification. Throws std::invalid_argument for wrong arguments.
using PreprocessingFactory = std::function<Normalization(const Spec& spec, const Samples& samples)>;

/// All names: none, min-max, z-score, pca, pca-whiten, zca.
const Registry<PreprocessingFactory>& preprocessings();

/// Fits a normalization by text: "z-score", "pca:0.95" (a fraction of the variance), "pca:50"
/// (components), "pca-whiten:0.95,0.01" (ε; also with "/"), "zca:eps=0.1". Throws
/// std::invalid_argument for unknown names and arguments out of range.
Normalization fit(std::string_view text, const Samples& samples);

}  // namespace gradus::data
