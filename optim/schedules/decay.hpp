// constant, step_decay, multi_step, exponential, polynomial …: schedules that decay or change in
// steps. t counts steps from 0.
#pragma once

#include "core/text/option_table.hpp"
#include "optim/schedule.hpp"

namespace gradus::optim {

/// base_lr.
Schedule constant(double base_lr);

/// Options of step_decay().
struct StepOptions {
  int64_t step_size = 0;  ///< steps between drops, 1 or more; required
  double gamma = 0.1;     ///< factor of a drop, positive

  /// The options for the command line and texts: names, ranges and help.
  static OptionTable<StepOptions> table();
};
/// base_lr·gamma^⌊t / step_size⌋.
Schedule step_decay(double base_lr, const StepOptions& options);

/// Options of multi_step().
struct MultiStepOptions {
  std::vector<int64_t> milestones = {};  ///< the steps of the drops, increasing from 1 on
  double gamma = 0.1;                    ///< factor of a drop, positive

  /// The options for the command line and texts: names, ranges and help.
  static OptionTable<MultiStepOptions> table();
};
/// base_lr·gamma^n, where n is the number of milestones ≤ t. He et al. (2016) drop at half and
/// three quarters of the training.
Schedule multi_step(double base_lr, const MultiStepOptions& options);

/// Options of piecewise_constant().
struct PiecewiseConstantOptions {
  std::vector<int64_t> boundaries = {};  ///< the steps of the changes, increasing from 1 on
  std::vector<double> values = {};       ///< the rates, one more than boundaries; each 0 or more

  /// The options for the command line and texts: names, ranges and help.
  static OptionTable<PiecewiseConstantOptions> table();
};
/// values[i] from step boundaries[i − 1] on; values[0] before the first boundary.
Schedule piecewise_constant(const PiecewiseConstantOptions& options);

/// Options of inverse_time(), inverse_sqrt() and natural_exponential().
struct DecayRateOptions {
  double decay_rate = 0;  ///< β, 0 or more

  /// The options for the command line and texts: names, ranges and help.
  static OptionTable<DecayRateOptions> table();
};
/// Options of inverse_time().
using InverseTimeOptions = DecayRateOptions;
/// base_lr / (1 + β·t): its sum is infinite and the sum of its squares finite, as the convergence
/// of stochastic approximation requires (Robbins and Monro 1951).
Schedule inverse_time(double base_lr, const InverseTimeOptions& options);

/// Options of inverse_sqrt().
using InverseSqrtOptions = DecayRateOptions;
/// base_lr / √(1 + β·t). With β = 1 it is the rate of Kingma and Ba (2015, section 6.1); with β =
/// 1/w after a warmup of w steps that of Vaswani et al. (2017).
Schedule inverse_sqrt(double base_lr, const InverseSqrtOptions& options);

/// Options of exponential().
struct ExponentialOptions {
  double gamma = 1;  ///< factor of every step, positive; above 1 the rate grows

  /// The options for the command line and texts: names, ranges and help.
  static OptionTable<ExponentialOptions> table();
};
/// base_lr·gamma^t.
Schedule exponential(double base_lr, const ExponentialOptions& options);

/// Options of natural_exponential().
using NaturalExponentialOptions = DecayRateOptions;
/// base_lr·e^(−β·t).
Schedule natural_exponential(double base_lr, const NaturalExponentialOptions& options);

/// Options of polynomial().
struct PolynomialOptions {
  int64_t total_steps = 0;  ///< 1 or more; required
  double power = 1;         ///< positive; 1 is a straight line
  double min_lr = 0;        ///< the rate at step total_steps, 0 … base_lr

  /// The options for the command line and texts: names, ranges and help.
  static OptionTable<PolynomialOptions> table();
};
/// min_lr + (base_lr − min_lr)(1 − t / total_steps)^power (Chen et al. 2018, with power 0.9).
Schedule polynomial(double base_lr, const PolynomialOptions& options);

}  // namespace gradus::optim
