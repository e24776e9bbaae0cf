// LBFGS: a quasi-Newton method for full batches without noise.
#pragma once

#include <deque>

#include "core/tensor.hpp"
#include "core/text/option_table.hpp"
#include "optim/algorithms/line_search.hpp"

namespace gradus::optim {

/// Options of LBFGS.
struct LBFGSOptions {
  /// The first step length of the line search; 1 is Newton's.
  double lr = 1;
  /// Number of pairs of steps and gradient changes that approximate the Hessian; 1 or more.
  int64_t history = 10;
  /// Maximal number of iterations per step(); 1 or more.
  int64_t max_iterations = 20;
  /// Number of evaluations of loss and gradient per step() after which no iteration starts; 1 or
  /// more.
  int64_t max_evaluations = 25;
  /// Stops if the largest component of the gradient is at most this.
  double tolerance_gradient = 1e-7;
  /// Stops if the largest component of a step is at most this, or the loss changes by less.
  double tolerance_change = 1e-9;
};

/// Liu and Nocedal (1989): descends along −H·g, where H approximates the inverse Hessian from the
/// last steps s = Δθ and gradient changes y = Δg. Starting from q = g,
///
///     newest pair first:  aᵢ = sᵢᵀq/yᵢᵀsᵢ,  q ← q − aᵢyᵢ
///     q ← (sᵀy/yᵀy)·q                            of the newest pair
///     oldest pair first:  q ← q + (aᵢ − yᵢᵀq/yᵢᵀsᵢ)·sᵢ
///
/// followed by a line search for the strong Wolfe conditions. Loss and gradient must depend only on
/// θ: no mini-batches, no dropout. It computes in double precision.
class LBFGS {
 public:
  /// Throws std::invalid_argument for an option out of its range, and for parameters that Optimizer
  /// refuses. Frozen parameters are left out.
  explicit LBFGS(const NamedTensors& parameters, const LBFGSOptions& options = {});

  /// Minimizes until a tolerance or a limit is reached, and returns the final loss. `closure`
  /// computes loss and gradients for the present parameters: zero_grad(), forward, backward().
  /// Throws std::logic_error for parameters that get no gradient, with their names, and for a loss
  /// that isn't finite at the start.
  double step(const std::function<Tensor()>& closure);
  /// Makes the gradient of every parameter undefined.
  void zero_grad();

  /// "pairs" (their number), and for each parameter NAME.steps and NAME.changes (history, shape…)
  /// in f64, the oldest first.
  NamedTensors state_dict() const;
  /// Like Optimizer::load_state_dict().
  void load_state_dict(const NamedTensors& state);

 private:
  using Vector = std::vector<double>;
  struct Pair {
    Vector step, change;
  };

  // The loss and its gradient at a position.
  LinePoint evaluate(const std::function<Tensor()>& closure, const Vector& position);
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
