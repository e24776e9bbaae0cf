// Muon: momentum whose steps of matrices are made orthogonal.
#pragma once

#include "optim/optimizer.hpp"

namespace gradus::optim {

/// The factor s of Muon's steps.
enum class MuonScale {
  original,         ///< √max(1, rows/columns)
  match_rms_adamw,  ///< 0.2·√max(rows, columns): the steps of AdamW at the same rate
};

/// Options of Muon.
struct MuonOptions {
  double lr = 0.02;  ///< learning rate of the matrices; positive
  /// μ: decay rate of the velocity, in [0, 1).
  double momentum = 0.95;
  /// Add the gradient to the velocity once more: u = g + μv instead of v.
  bool nesterov = true;
  /// The number of Newton-Schulz iterations, 1 to 99.
  int64_t ns_steps = 5;
  /// a, b and c of the iterations.
  std::vector<double> ns_coefficients = {3.4445, -4.7750, 2.0315};
  /// The factor s.
  MuonScale adjust_lr_fn = MuonScale::original;
  /// The least norm by which u is divided; in AdamW added to the root. Positive.
  double eps = 1e-7;
  /// The learning rate of AdamW is this factor times lr; positive. 1 is right for match_rms_adamw.
  double adamw_lr_factor = 0.05;
  /// AdamW's β₁, in [0, 1).
  double beta1 = 0.9;
  /// AdamW's β₂, in [0, 1).
  double beta2 = 0.95;
  /// λ of the decoupled decay: θ is multiplied by 1 − λ times its learning rate at each step.
  double weight_decay = 0.1;
  /// Skip parameters without a gradient instead of throwing.
  bool allow_missing_gradient = false;

  /// The options for the command line and texts: names, ranges and help.
  static OptionTable<MuonOptions> table();
};

/// Jordan et al. (2024): all directions of a matrix move alike. A tensor of two or more dimensions
/// is a matrix (rows, rest):
///
///     v ← μv + g        u = g + μv, or v
///     X = u / max(‖u‖, ε), then ns_steps times X ← aX + (bG + cG²)X with G = XXᵀ
///     θ ← (1 − lr·λ)θ − lr·s·X
///
/// The iterations move the singular values of X near 1 (0.7 to 1.2 with the default coefficients,
/// unless they were almost 0). Vectors and numbers, and the parameters in `outer`, are updated by
/// AdamW, with the rate adamw_lr_factor·lr: Muon is for the weights of hidden layers.
///
/// State: "momentum_buffer" (v) of matrices, "exp_avg" and "exp_avg_sq" of the others.
class Muon : public OptimizerWith<MuonOptions> {
 public:
  /// `outer` are parameters for AdamW: layers::outer_parameters(model). Throws
  /// std::invalid_argument for an option out of its range.
  explicit Muon(const NamedTensors& parameters, const MuonOptions& options = {},
                const NamedTensors& outer = {});

  /// Sets μ and AdamW's β₁.
  void set_momentum(double momentum) override;

 private:
  void update(const Target& target) override;
  void update_by_adamw(const Target& target);
  void update_matrix(const Target& target);
  Tensor orthogonal(const Tensor& u) const;
};

}  // namespace gradus::optim
