// WeightNorm, WeightStandardization, CenteredWeightNorm, WeightWhitening: normalizations of the
// rows of a weight. The formulas are in core/ops/norm/weight_normalization.hpp and
// docs/normalization.md.
//
//     Conv2d conv({.in_channels = 3, .out_channels = 8, .kernel = 3}, rng);
//     conv.reparametrize(WeightStandardization());
//
// Like all weight normalizations they start from the layer's present weight: initialize first.
// Constructors throw std::invalid_argument for options outside their ranges; errors of weights come
// from reparametrize() or the first call.
#pragma once

#include "core/ops/norm/weight_normalization.hpp"
#include "layers/reparametrization.hpp"

namespace gradus::layers {

/// The base of reparametrizations with a gain for each row: normalized(weight)·weight_g.
class GainedRows : public Reparametrization {
 public:
  /// (out, 1, …), as in PyTorch. Initially the norm of each row divided by that of its normalized
  /// row (1 if that is 0), so that rows keep their norms. Undefined without a gain.
  Parameter gain;

  Tensor apply(const Tensor& weight, bool training) override;
  void attach(const Tensor& weight) override;
  void members(Members& members) override { members.parameter("weight_g", gain, Role::gain); }

 protected:
  /// `with_gain`: whether there is a learned gain; without it, apply() is normalized().
  explicit GainedRows(bool with_gain) : with_gain_(with_gain) {}
  /// The weight with normalized rows, before the gain.
  virtual Tensor normalized(const Tensor& weight) const = 0;
  /// Whether the gain is learned.
  bool with_gain() const { return with_gain_; }
  /// For descriptions: the option without a gain.
  std::string gain_shown() const;
  /// For equations: "g·", or nothing without the gain.
  const char* gain_factor() const { return with_gain_ ? "g·" : ""; }
  /// For equations: ", g of each output", or nothing without the gain.
  const char* gain_note() const { return with_gain_ ? ", g of each output" : ""; }

 private:
  bool with_gain_;
};

/// Options of WeightNorm.
struct WeightNormOptions {
  /// At the first call in training mode, sets weight_g and bias so that each output has mean 0 and
  /// deviation 1 over that batch (section 3 of the paper). The buffer weight_initialized records
  /// that this has happened. The call throws if an output doesn't vary.
  bool data_dependent = false;
};
/// Weight normalization, weight_norm() (Salimans and Kingma 2016), with weight_v and weight_g as in
/// PyTorch.
class WeightNorm : public Reparametrized<WeightNorm, GainedRows> {
 public:
  Buffer initialized;  ///< i64, 0 or 1; undefined unless data-dependent

  /// `options`: whether the first batch sets gain and bias.
  explicit WeightNorm(const WeightNormOptions& options = {});
  Tensor forward(const Tensor& x, const Tensor& weight, const Tensor& bias, const Product& product,
                 bool training) override;
  const char* weight_name() const override { return "weight_v"; }
  void members(Members& members) override;
  std::string description() const override;
  std::string equation(const Shape& weight) const override;

 private:
  Tensor normalized(const Tensor& weight) const override;
  void initialize(const Tensor& x, const Tensor& weight, Tensor bias, const Product& product);
};

/// Options of WeightStandardization.
struct WeightStandardizationOptions {
  double eps = 1e-5;  ///< added to the variance; positive
  /// A learned factor for each row. Without it (as in the paper) rows have norm √fan_in, which
  /// needs a normalization of activations after the layer.
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
  /// Number of rows that are whitened together (the last group may be smaller); 0: all. The work
  /// per row grows with the square of `group`.
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
