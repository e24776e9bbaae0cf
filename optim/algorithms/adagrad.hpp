// Adagrad: rates per weight that fall with the sum of squared gradients.
#pragma once

#include "optim/optimizer.hpp"

namespace gradus::optim {

/// Options of Adagrad.
struct AdagradOptions {
  double lr = 1e-2;  ///< learning rate; positive
  /// Divides the rate at step t by 1 + lr_decay·(t − 1); 0 or more.
  double lr_decay = 0;
  /// Initial value of s; 0 or more.
  double initial_accumulator_value = 0;
  /// Added to the root (not under it); positive.
  double eps = 1e-10;
  /// λ of the L2 penalty ½λ‖θ‖²: λθ is added to the gradient.
  double weight_decay = 0;
  /// Skip parameters without a gradient instead of throwing.
  bool allow_missing_gradient = false;

  /// The options for the command line and texts: names, ranges and help.
  static OptionTable<AdagradOptions> table();
};

/// Duchi, Hazan and Singer (2011): a rate for each weight, which falls with its past gradients and
/// never rises again; suited to sparse features. With g' = g + λθ, at step t = 1, 2, …:
///
///     s ← s + g'²
///     θ ← θ − lr/(1 + lr_decay·(t − 1))·g' / (√s + ε)
///
/// State: "sum" (s).
class Adagrad : public OptimizerWith<AdagradOptions> {
 public:
  /// Throws std::invalid_argument for an option out of its range.
  explicit Adagrad(const NamedTensors& parameters, const AdagradOptions& options = {});

 private:
  void update(const Target& target) override;
};

}  // namespace gradus::optim
