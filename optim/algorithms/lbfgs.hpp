// L-BFGS, for small problems with all data at once.
#pragma once

#include <deque>

#include "core/tensor.hpp"
#include "core/text/option_table.hpp"
#include "optim/algorithms/line_search.hpp"

namespace gradus::optim {

/// Options of LBFGS.
struct LBFGSOptions {
  /// The length that the line search tries first; 1 is Newton's.
  double lr = 1;
  /// Pairs of steps and gradients that stand for the Hessian; 1 or more.
  int64_t history = 10;
  /// Iterations in one call of step(); 1 or more.
  int64_t max_iterations = 20;
  /// Evaluations of loss and gradient in one call of step(), after which no iteration begins; 1 or
  /// more.
  int64_t max_evaluations = 25;
  /// A largest component of the gradient that counts as 0.
  double tolerance_gradient = 1e-7;
  /// A step (its largest component), or a change of the loss, that counts as none.
  double tolerance_change = 1e-9;
};

/// Liu and Nocedal (1989): descends along −H·g, where H approximates the inverse Hessian by the
/// last steps s = Δθ and changes of gradient y = Δg. Starting from q = g,
///
///     newest pair first:  aᵢ = sᵢᵀq/yᵢᵀsᵢ,  q ← q − aᵢyᵢ
///     q ← (sᵀy/yᵀy)·q                            of the newest pair
///     oldest pair first:  q ← q + (aᵢ − yᵢᵀq/yᵢᵀsᵢ)·sᵢ
///
/// and searches a length that meets the strong Wolfe conditions. It trusts that loss and gradient
/// depend on θ alone: no mini-batches, no dropout. It computes in double precision.
class LBFGS {
 public:
  /// Throws std::invalid_argument for an option out of its range, and for parameters that an
  /// Optimizer would refuse. Frozen ones are left out.
  explicit LBFGS(const NamedTensors& parameters, const LBFGSOptions& options = {});

  /// Goes down until a tolerance or a limit is met, and returns the loss there. `closure` computes
  /// loss and gradients at the parameters as they are: zero_grad(), forward, backward(). Throws
  /// std::logic_error, naming the parameters, where it leaves one without a gradient, and for a
  /// loss that isn't finite at the start.
  double step(const std::function<Tensor()>& closure);
  /// Forgets the gradient of every parameter.
  void zero_grad();

  /// "pairs", their number, and for each parameter NAME.steps and NAME.changes (history, shape…) in
  /// f64, the oldest first.
  NamedTensors state_dict() const;
  /// As Optimizer's.
  void load_state_dict(const NamedTensors& state);

 private:
  using Vector = std::vector<double>;
  struct Pair {
    Vector step, change;
  };

  double evaluate(const std::function<Tensor()>& closure, const Vector& position, Vector& gradient);
  Vector position() const;
  void move_to(const Vector& position);
  Vector direction(const Vector& gradient) const;
  LinePoint search(const std::function<Tensor()>& closure, const LinePoint& start,
                   const Vector& from, const Vector& d, int64_t& evaluations);
  void remember(Vector step, Vector change);

  NamedTensors parameters_;
  LBFGSOptions options_;
  std::deque<Pair> pairs_;
};

}  // namespace gradus::optim
