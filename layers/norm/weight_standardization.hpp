// Rows of a weight without their means: standardized, of norm 1, or whitened. Formulas in
// core/ops/weight_normalization.hpp and docs/normalization.md.
//
//     Conv2d conv({.in_channels = 3, .out_channels = 8, .kernel = 3}, rng);
//     conv.reparametrize(WeightStandardization());
//
// Like all normalizations of weights they take over the layer's weight as it is then: initialize
// first. Constructors throw std::invalid_argument for options outside their ranges; errors of
// weights come from reparametrize() or the first call.
#pragma once

#include "core/ops/weight_normalization.hpp"
#include "layers/norm/gained_rows.hpp"

namespace gradus::layers {

/// Options of WeightStandardization.
struct WeightStandardizationOptions {
  double eps = 1e-5;  ///< added to the variance; positive
  /// A learned factor for each row. Without it, as in the paper, rows have norm √fan_in: for layers
  /// before a normalization of activations.
  bool gain = true;
};
/// Weight standardization, weight_standardization(), with a gain (Qiao et al. 2019).
class WeightStandardization : public Reparametrized<WeightStandardization, GainedRows> {
 public:
  /// Throws std::invalid_argument unless eps is positive.
  explicit WeightStandardization(const WeightStandardizationOptions& options = {});
  std::string description() const override;
  std::string equation(const Shape& weight) const override;

 private:
  Tensor normalized(const Tensor& weight) const override;

  double eps_;
};

/// Options of CenteredWeightNorm.
struct CenteredWeightNormOptions {
  bool gain = true;  ///< a learned factor for each row
};
/// Centred weight normalization, centered_weight_norm(), with a gain (Huang et al. 2017).
class CenteredWeightNorm : public Reparametrized<CenteredWeightNorm, GainedRows> {
 public:
  /// `options`: whether a gain is learned.
  explicit CenteredWeightNorm(const CenteredWeightNormOptions& options = {})
      : Reparametrized(options.gain) {}
  std::string description() const override;
  std::string equation(const Shape& weight) const override;

 private:
  Tensor normalized(const Tensor& weight) const override { return centered_weight_norm(weight); }
};

/// Options of WeightWhitening.
struct WeightWhiteningOptions {
  double eps = 1e-5;  ///< added to the diagonal of F Fᵀ; positive
  bool gain = true;   ///< a learned factor for each row
  /// Rows that are whitened together, the last ones perhaps fewer; 0 for all. The work for each row
  /// grows with the square of `group`.
  int64_t group = 0;
};
/// Weight whitening, weight_whitening(), with a gain (Huang et al. 2018).
class WeightWhitening : public Reparametrized<WeightWhitening, GainedRows> {
 public:
  /// Throws std::invalid_argument unless eps is positive and group 0 or more.
  explicit WeightWhitening(const WeightWhiteningOptions& options = {});
  std::string description() const override;
  std::string equation(const Shape& weight) const override;

 private:
  Tensor normalized(const Tensor& weight) const override;

  double eps_;
  int64_t group_;
};

}  // namespace gradus::layers
