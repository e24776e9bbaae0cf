// Normalization of weights, and of the product: reparametrizations for dense and convolution
// layers. Formulas in core/ops/weight_normalization.hpp and docs/normalization.md.
//
//     Conv2d conv({.in_channels = 3, .out_channels = 8, .kernel = 3}, rng);
//     conv.reparametrize(WeightStandardization());
//
// They take over the layer's weight as it is then: initialize first. Constructors throw
// std::invalid_argument for options outside their ranges; errors of weights come from
// reparametrize() or the first call.
#pragma once

#include <functional>

#include "core/ops/weight_normalization.hpp"
#include "core/registry.hpp"
#include "layers/reparametrization.hpp"
#include "layers/sequential.hpp"
#include "layers/weighted.hpp"

namespace gradus::layers {

/// What reparametrizations with a gain for each row have in common: normalized(weight)·weight_g.
class GainedRows : public Reparametrization {
 public:
  /// (out, 1, …), PyTorch's shape. At first the norm of each row over that of its normalized row
  /// (1 where that is 0): rows keep their norms. Undefined where the gain is left out.
  Parameter gain;

  Tensor apply(const Tensor& weight, bool training) override;
  void attach(const Tensor& weight) override;
  void members(Members& members) override { members.parameter("weight_g", gain, Role::gain); }

 protected:
  /// `with_gain`: whether the gain is learned; without it, apply() is normalized() alone.
  explicit GainedRows(bool with_gain) : with_gain_(with_gain) {}
  /// The weight with normalized rows, to which the gain is applied.
  virtual Tensor normalized(const Tensor& weight) const = 0;
  /// Whether the gain is learned.
  bool with_gain() const { return with_gain_; }
  /// For equations: "g·", or nothing without the gain.
  const char* gain_factor() const { return with_gain_ ? "g·" : ""; }
  /// For equations: ", g of each output", or nothing without the gain.
  const char* gain_note() const { return with_gain_ ? ", g of each output" : ""; }

 private:
  bool with_gain_;
};

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

/// Options of WeightNorm.
struct WeightNormOptions {
  /// At the first call in training mode, sets weight_g and bias so that each output has mean 0 and
  /// deviation 1 over that batch (section 3 of the paper). A buffer, weight_initialized, tells that
  /// it has happened. The call throws where an output doesn't vary.
  bool data_dependent = false;
};
/// Weight normalization, weight_norm() (Salimans and Kingma 2016): PyTorch's weight_v and weight_g.
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

/// Spectral normalization, spectral_norm() (Miyato et al. 2018): in training mode each call first
/// improves the singular vectors, PyTorch's buffers weight_u and weight_v; evaluation uses them as
/// they are.
class SpectralNorm : public Reparametrized<SpectralNorm> {
 public:
  Buffer u;  ///< (out): the left singular vector
  Buffer v;  ///< (row): the right singular vector

  /// Throws std::invalid_argument unless n_power_iterations is 1 or more and eps positive.
  explicit SpectralNorm(const SpectralNormOptions& options = {});
  Tensor apply(const Tensor& weight, bool training) override;
  /// 15 iterations from a random vector, of a fixed seed.
  void attach(const Tensor& weight) override;
  const char* weight_name() const override { return "weight_orig"; }
  /// 50 iterations from where u stands.
  void settle(const Tensor& weight) override;
  void members(Members& members) override;
  std::string description() const override;
  std::string equation(const Shape& weight) const override;

 private:
  SpectralNormOptions options_;
};

/// Options of CosineNorm.
struct CosineNormOptions {
  bool centered = false;  ///< rows and inputs minus their means: the correlation
  double eps = 1e-8;      ///< the least norm that is divided by; 1e-12 or more
  /// The factor of the cosine at first. It is learned, as weight_scale: outputs within −1 … 1
  /// would keep a softmax from being sure of anything.
  double scale = 10;
};
/// Cosine normalization, scale·cos(x, w) + bias, see cosine_linear() (Luo et al. 2018): normalizes
/// the product rather than the weight, so that it doesn't fold.
class CosineNorm : public Reparametrized<CosineNorm> {
 public:
  Parameter scale;  ///< the learned factor, of rank 0; CosineNormOptions::scale at first

  /// Throws std::invalid_argument unless eps is 1e-12 or more and scale finite.
  explicit CosineNorm(const CosineNormOptions& options = {});
  Tensor forward(const Tensor& x, const Tensor& weight, const Tensor& bias, const Product& product,
                 bool training) override;
  void attach(const Tensor& weight) override;
  bool folds() const override { return false; }
  void members(Members& members) override { members.parameter("weight_scale", scale, Role::gain); }
  std::string description() const override;
  std::string equation(const Shape& weight) const override;

 private:
  CosineNormOptions options_;
};

/// How a normalization of weights is made, and where the named models have it.
struct WeightNormalization {
  std::function<AnyReparametrization(std::string_view argument)> make;  ///< called by operator()
  bool classifier;  ///< on every layer; otherwise on hidden ones alone, the last stays plain

  /// `argument` is what follows the name after a colon, empty if nothing does. Throws
  /// std::invalid_argument for a wrong one.
  AnyReparametrization operator()(std::string_view argument = "") const { return make(argument); }
};

/// Normalizations of weights by name.
const Registry<WeightNormalization>& weight_normalizations();

/// The one called `name`, which may have an argument: "weight-std", "cosine:20". Throws
/// std::invalid_argument for an unknown name or a wrong argument.
AnyReparametrization make_weight_normalization(std::string_view name);

/// Puts the one of that name, perhaps with an argument, on all dense, convolution and recurrent
/// layers of `module`. Throws std::invalid_argument for cosine normalization on recurrent ones.
void normalize_weights(Module& module, std::string_view name);

/// Computes anew what normalizations of weights only approach from step to step, such as the
/// singular vectors of SpectralNorm: after weights were exchanged, by an average for instance.
void settle(Module& module);

/// Makes weights plain, for inference, with the outputs of evaluation mode: folds every layer's
/// reparametrization (cosine normalization stays), and in each Sequential every batch normalization
/// with running statistics into the dense or convolution layer right before it; Identity() takes
/// its place, so that names stay.
void fold(Module& module);

/// Changes the rows of a weight (its outputs in the first dimension) to keep a rule.
using Constraint = std::function<Tensor(const Tensor& weight)>;
/// Each row divided by its norm. Throws for a row of norm 0.
Constraint unit_norm();
/// Each row of a norm above `limit` scaled down to it (Srebro and Shraibman 2005). Throws unless
/// limit > 0.
Constraint max_norm(double limit);
/// Projects the weights of all dense, convolution and recurrent layers of `module`, of the last
/// those from the input and from the state: call it after each step of the optimizer. Frozen ones
/// stay.
void constrain(Module& module, const Constraint& constraint);

}  // namespace gradus::layers
