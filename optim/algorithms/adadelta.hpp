// Adadelta: steps in the unit of the weights, without a learning rate.
#pragma once

#include "optim/optimizer.hpp"

namespace gradus::optim {

/// Options of Adadelta.
struct AdadeltaOptions {
  /// Factor of the step, which has no learning rate itself.
  double lr = 1;
  /// ρ: decay rate of both means, in [0, 1).
  double rho = 0.9;
  /// Added under both roots; positive. It determines the first steps: larger is faster.
  double eps = 1e-6;
  /// λ of the L2 penalty ½λ‖θ‖²: λθ is added to the gradient.
  double weight_decay = 0;
  /// Skip parameters without a gradient instead of throwing.
  bool allow_missing_gradient = false;

  /// The options for the command line and texts: names, ranges and help.
  static OptionTable<AdadeltaOptions> table();
};

/// Zeiler (2012): the size of a step is estimated from previous steps, so it has the unit of θ and
/// needs no learning rate. With g' = g + λθ:
///
///     s ← ρs + (1 − ρ)g'²
/// d = √(a + ε)/√(s + ε)·g'        with a before its update
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
