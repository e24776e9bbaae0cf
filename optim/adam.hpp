// Adam and AdamW.
#pragma once

#include "optim/optimizer.hpp"

namespace gradus::optim {

/// Options of Adam.
struct AdamOptions {
  double lr = 1e-3;  ///< learning rate; positive
  /// β₁: the part of the mean gradient that stays, in [0, 1).
  double beta1 = 0.9;
  /// β₂: the part of the mean squared gradient that stays, in [0, 1).
  double beta2 = 0.999;
  /// Added to the root (not under it); positive.
  double eps = 1e-8;
  /// λ of the L2 penalty ½λ‖θ‖²: λθ is added to the gradient.
  double weight_decay = 0;
  /// Divides by the largest v so far (Reddi, Kale and Kumar 2018).
  bool amsgrad = false;
  /// Makes up for m and v starting at 0; without it m̂ = m and v̂ = v.
  bool bias_correction = true;
  /// Leaves parameters without a gradient as they are instead of throwing.
  bool allow_missing_gradient = false;

  /// What the command line and texts can set: names, ranges and help.
  static const OptionTable<AdamOptions>& table();
};

/// Steps along the mean gradient, divided by the root of the mean squared gradient (Kingma and Ba
/// 2015). With g' = g + λθ, at step t = 1, 2, …:
///
///     m ← β₁m + (1 − β₁)g'        m̂ = m / (1 − β₁ᵗ)
///     v ← β₂v + (1 − β₂)g'²       v̂ = v / (1 − β₂ᵗ)
///     θ ← θ − lr·m̂ / (√v̂ + ε)
///
/// State: "exp_avg" (m), "exp_avg_sq" (v) and, with amsgrad, "max_exp_avg_sq".
class Adam : public OptimizerWith<AdamOptions> {
 public:
  /// Throws std::invalid_argument for an option out of its range.
  explicit Adam(const NamedTensors& parameters, const AdamOptions& options = {})
      : Adam("adam", parameters, options, false) {}

 protected:
  /// For AdamW; `name` stands in errors, `decoupled` says whether weights are decayed directly.
  Adam(const char* name, const NamedTensors& parameters, const AdamOptions& options,
       bool decoupled);

 private:
  void update(const Target& target) override;

  bool decoupled_;
};

/// Options of AdamW.
struct AdamWOptions {
  double lr = 1e-3;      ///< learning rate; positive
  double beta1 = 0.9;    ///< as in AdamOptions
  double beta2 = 0.999;  ///< as in AdamOptions
  double eps = 1e-8;     ///< as in AdamOptions
  /// λ of the decoupled decay: θ shrinks by 1 − lr·λ a step.
  double weight_decay = 1e-2;
  bool amsgrad = false;                 ///< as in AdamOptions
  bool bias_correction = true;          ///< as in AdamOptions
  bool allow_missing_gradient = false;  ///< as in AdamOptions

  /// What the command line and texts can set: names, ranges and help.
  static const OptionTable<AdamWOptions>& table();
};

/// Adam whose weight decay does not pass through the gradient (Loshchilov and Hutter 2019):
///
///     θ ← (1 − lr·λ)θ − lr·m̂ / (√v̂ + ε)
///
/// with m and v of the plain gradient. Options and state are otherwise Adam's.
class AdamW : public Adam {
 public:
  /// Throws std::invalid_argument for an option out of its range.
  explicit AdamW(const NamedTensors& parameters, const AdamWOptions& options = {});
};

}  // namespace gradus::optim
