// AdaDelta.
#pragma once

#include "optim/optimizer.hpp"

namespace gradus::optim {

/// Options of Adadelta.
struct AdadeltaOptions {
  /// Times the step that has no rate of its own.
  double lr = 1;
  /// ρ: the part of both means that stays, in [0, 1).
  double rho = 0.9;
  /// Under both roots; positive. It makes the first step: larger is faster.
  double eps = 1e-6;
  /// λ of the L2 penalty ½λ‖θ‖²: λθ is added to the gradient.
  double weight_decay = 0;
  /// Leaves parameters without a gradient as they are instead of throwing.
  bool allow_missing_gradient = false;

  /// What the command line and texts can set: names, ranges and help.
  static OptionTable<AdadeltaOptions> table();
};

/// Zeiler (2012): the size of a step comes from the steps before, so that it has the unit of θ and
/// needs no rate. With g' = g + λθ:
///
///     s ← ρs + (1 − ρ)g'²
///     d = √(a + ε)/√(s + ε)·g'        the a of the steps before
///     a ← ρa + (1 − ρ)d²
///     θ ← θ − lr·d
///
/// State: "square_avg" (s), "acc_delta" (a).
class Adadelta : public OptimizerWith<AdadeltaOptions> {
 public:
  /// Throws std::invalid_argument for an option out of its range.
  explicit Adadelta(const NamedTensors& parameters, const AdadeltaOptions& options = {});

 private:
  void update(const Target& target) override;
};

}  // namespace gradus::optim
