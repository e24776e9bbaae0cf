// Schedules that only fall, or jump where they are told. t counts steps from 0.
#pragma once

#include "core/text/option_table.hpp"
#include "optim/schedule.hpp"

namespace gradus::optim {

/// base_lr.
Schedule constant(double base_lr);

/// Options of step_decay().
struct StepOptions {
  int64_t step_size = 0;  ///< steps from one drop to the next, 1 or more; has to be given
  double gamma = 0.1;     ///< the factor of a drop, positive

  /// What the command line and texts can set: names, ranges and help.
  static const OptionTable<StepOptions>& table();
};
/// base_lr·gamma^⌊t / step_size⌋.
Schedule step_decay(double base_lr, const StepOptions& options);

/// Options of multi_step().
struct MultiStepOptions {
  std::vector<int64_t> milestones = {};  ///< the steps of the drops: from 1 on, each later
  double gamma = 0.1;                    ///< the factor of a drop, positive

  /// What the command line and texts can set: names, ranges and help.
  static const OptionTable<MultiStepOptions>& table();
};
/// base_lr·gamma^n, after n milestones: those ≤ t. He et al. (2016) drop at half and three quarters
/// of the training.
Schedule multi_step(double base_lr, const MultiStepOptions& options);

/// Options of piecewise_constant().
struct PiecewiseConstantOptions {
  std::vector<int64_t> boundaries = {};  ///< the steps of the changes: from 1 on, each later
  std::vector<double> values = {};       ///< one more than boundaries; 0 or more

  /// What the command line and texts can set: names, ranges and help.
  static const OptionTable<PiecewiseConstantOptions>& table();
};
/// values[i] from boundaries[i − 1] on, values[0] before the first.
Schedule piecewise_constant(const PiecewiseConstantOptions& options);

/// Options of inverse_time(), inverse_sqrt() and natural_exponential().
struct DecayRateOptions {
  double decay_rate = 0;  ///< β, 0 or more

  /// What the command line and texts can set: names, ranges and help.
  static const OptionTable<DecayRateOptions>& table();
};
/// Options of inverse_time().
using InverseTimeOptions = DecayRateOptions;
/// base_lr / (1 + β·t): sums to infinity, its squares don't, as convergence of stochastic
/// approximation asks for (Robbins and Monro 1951).
Schedule inverse_time(double base_lr, const InverseTimeOptions& options);

/// Options of inverse_sqrt().
using InverseSqrtOptions = DecayRateOptions;
/// base_lr / √(1 + β·t). With β = 1 the rate of Kingma and Ba (2015, section 6.1); after a warm-up
/// of w steps and with β = 1/w that of Vaswani et al. (2017).
Schedule inverse_sqrt(double base_lr, const InverseSqrtOptions& options);

/// Options of exponential().
struct ExponentialOptions {
  double gamma = 1;  ///< the factor of every step, positive; above 1 the rate grows

  /// What the command line and texts can set: names, ranges and help.
  static const OptionTable<ExponentialOptions>& table();
};
/// base_lr·gamma^t.
Schedule exponential(double base_lr, const ExponentialOptions& options);

/// Options of natural_exponential().
using NaturalExponentialOptions = DecayRateOptions;
/// base_lr·e^(−β·t).
Schedule natural_exponential(double base_lr, const NaturalExponentialOptions& options);

/// Options of polynomial().
struct PolynomialOptions {
  int64_t total_steps = 0;  ///< 1 or more; has to be given
  double power = 1;         ///< positive; 1 is a straight line
  double min_lr = 0;        ///< the last rate, 0 … base_lr

  /// What the command line and texts can set: names, ranges and help.
  static const OptionTable<PolynomialOptions>& table();
};
/// min_lr + (base_lr − min_lr)(1 − t / total_steps)^power (Chen et al. 2018, with power 0.9).
Schedule polynomial(double base_lr, const PolynomialOptions& options);

}  // namespace gradus::optim
