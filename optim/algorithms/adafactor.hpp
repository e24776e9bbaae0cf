// Adafactor: mean squares of gradients by rows and columns, for little memory.
#pragma once

#include "optim/optimizer.hpp"

namespace gradus::optim {

/// Options of Adafactor.
struct AdafactorOptions {
  double lr = 1e-2;  ///< learning rate: the largest step relative to θ; positive
  /// The weight of the newest square at step t is t to this power; 0 or less.
  double beta2_decay = -0.8;
  /// ε₁: the least root of V; 0: the machine epsilon of the parameter's type.
  double eps1 = 0;
  /// ε₂: the least root mean square of θ that scales steps; 0 or more.
  double eps2 = 1e-3;
  /// d: the largest root mean square of U that isn't scaled down; 1 or more.
  double clip_threshold = 1;
  /// λ of the decoupled decay: θ is multiplied by 1 − lr·λ at each step.
  double weight_decay = 0;
  /// Skip parameters without a gradient instead of throwing.
  bool allow_missing_gradient = false;

  /// The options for the command line and texts: names, ranges and help.
  static OptionTable<AdafactorOptions> table();
};

/// Shazeer and Stern (2018), as in PyTorch: steps relative to the size of θ, divided by the root of
/// the mean squared gradient, of which a matrix keeps only the means R of the rows and C of the
/// columns. Of a tensor with more dimensions they are over the last two. At step t = 1, 2, …, with
/// w = t^beta2_decay:
///
///     α = max(ε₂, rms(θ))·min(lr, 1/√t)        θ ← (1 − lr·λ)θ
///     R ← (1 − w)R + w·mean of g² over the columns, C the same over the rows
///     V = R·C/max(mean of R, ε₁)        vectors: V ← (1 − w)V + w·g²
///     U = g/√max(V, ε₁²)
///     θ ← θ − α·U/max(1, rms(U)/d)
///
/// State: "row_var" (R) and "col_var" (C), of vectors "variance" (V).
class Adafactor : public OptimizerWith<AdafactorOptions> {
 public:
  /// Throws std::invalid_argument for an option out of its range.
  explicit Adafactor(const NamedTensors& parameters, const AdafactorOptions& options = {});

 private:
  void update(const Target& target) override;
};

}  // namespace gradus::optim
