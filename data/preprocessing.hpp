// Scaling and decorrelating a sample's values, fitted on training data alone.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "core/registry.hpp"
#include "core/tensor.hpp"

namespace gradus::data {

class Dataset;

/// What becomes of a sample's values x: ((x − mean)/deviation)·matrix. Mean and deviation are one
/// number for all values or one for each; for images in units of white = 1.
struct Normalization {
  std::vector<double> mean = {0};       ///< subtracted
  std::vector<double> deviation = {1};  ///< what is divided by; positive
  /// (values, shape of the result…), f32 or f64; undefined: no product, and the shape stays.
  Tensor matrix = {};

  /// x (N, shape of a sample…) → (N, shape of the result…), of x's type. Throws
  /// std::invalid_argument where the numbers of values differ.
  Tensor operator()(const Tensor& x) const;
  /// The last part of it: x (N, …)·matrix, which is there.
  Tensor product(const Tensor& x) const;
  /// Throws std::invalid_argument unless it takes samples of this shape: 1 mean and deviation or
  /// one for each value, deviations positive, a matrix with a row for each value.
  void check(const Shape& sample) const;
  /// The shape of what becomes of a sample of this shape.
  Shape result_shape(const Shape& sample) const;
  /// Whether both have the same numbers; a matrix may be f32 in one and f64 in the other.
  bool operator==(const Normalization& other) const;
};

/// What is fitted to: samples (N, …), read in parts. A data set's are those before its own
/// normalization.
class Samples {
 public:
  Samples(const Tensor& x);  ///< f32 or f64 (N, …), N ≥ 1
  /// The samples of a data set, before its own normalization.
  Samples(const Dataset& dataset);

  /// The number of samples.
  int64_t size() const { return size_; }
  const Shape& shape() const { return shape_; }  ///< of one
  /// Samples first … first + count − 1: f64 (count, values of a sample).
  Tensor part(int64_t first, int64_t count) const { return read_(first, count); }

 private:
  int64_t size_;
  Shape shape_;
  std::function<Tensor(int64_t, int64_t)> read_;
};

/// (x − min)/(max − min) of each value: 0 … 1 on what it was fitted to; 0 where that is constant.
Normalization min_max(const Samples& samples);

/// (x − μ)/σ of each value, σ biased; what is constant is centred and not divided.
Normalization z_score(const Samples& samples);

/// How much of the principal components is kept.
struct PcaOptions {
  int64_t components = 0;  ///< the first so many; 0: as many as `variance` needs
  double variance = 1;     ///< at least this part of the total variance, in (0, 1]
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

/// (x − μ)·V·diag(1/√(λ + ε))·Vᵀ: the whitened data that is nearest to the original (Bell and
/// Sejnowski 1997), which keeps its shape; an image stays one.
Normalization zca_whitening(const Samples& samples, const WhiteningOptions& options = {});

/// From what stands behind the name's colon, without it.
using PreprocessingFactory =
    std::function<Normalization(const Samples& samples, std::string_view argument)>;

/// All names: none, min-max, z-score, pca, pca-whiten, zca.
const Registry<PreprocessingFactory>& preprocessings();

/// By text: "z-score", "pca:0.95" (a part of the variance), "pca:50" (components),
/// "pca-whiten:0.95/0.01" (ε), "zca:0.1" (ε). Throws std::invalid_argument for unknown names and
/// arguments out of range.
Normalization fit(std::string_view text, const Samples& samples);

}  // namespace gradus::data
