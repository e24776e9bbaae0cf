// LARS: momentum with a rate per tensor, for large batches.
#pragma once

#include "optim/optimizer.hpp"

namespace gradus::optim {

/// Options of LARS.
struct LARSOptions {
  double lr = 1;  ///< learning rate; positive
  /// μ: decay rate of the velocity, in [0, 1).
  double momentum = 0.9;
  /// η: the fraction of its norm by which a tensor moves at rate 1; positive.
  double trust_coefficient = 1e-3;
  /// λ of the L2 penalty ½λ‖θ‖²: λθ is added to the gradient.
  double weight_decay = 0;
  /// Skip parameters without a gradient instead of throwing.
  bool allow_missing_gradient = false;

  /// The options for the command line and texts: names, ranges and help.
  static OptionTable<LARSOptions> table();
};

/// You, Gitman and Ginsburg (2017): a rate for each tensor from the norms of its weights and
/// gradient.
///
/// l = η‖θ‖ / (‖g‖ + λ‖θ‖)        1 if one of the norms is 0
///     v ← μv + lr·l·(g + λθ)
///     θ ← θ − v
///
/// State: "momentum_buffer" (v).
class LARS : public OptimizerWith<LARSOptions> {
 public:
  /// Throws std::invalid_argument for an option out of its range.
  explicit LARS(const NamedTensors& parameters, const LARSOptions& options = {});

 private:
  void update(const Target& target) override;
};

}  // namespace gradus::optim
