// cosine, cosine_warm_restarts: schedules along a cosine (Loshchilov and Hutter 2017).
#pragma once

#include "core/text/option_table.hpp"
#include "optim/schedule.hpp"

namespace gradus::optim {

/// The curve of anneal().
enum class Anneal {
  cosine,  ///< half a cosine: from + (to − from)·(1 − cos(π·progress))/2
  linear,  ///< a line: from + (to − from)·progress
};
/// The value between `from` (progress 0) and `to` (progress 1), along half a cosine or a line.
double anneal(Anneal curve, double from, double to, double progress);

/// Options of cosine().
struct CosineOptions {
  int64_t total_steps = 0;  ///< 1 or more; required
  double min_lr = 0;        ///< the rate at step total_steps, one after the last; 0 … base_lr

  /// The options for the command line and texts: names, ranges and help.
  static OptionTable<CosineOptions> table();
};
/// min_lr + ½(base_lr − min_lr)(1 + cos(π·t / total_steps)).
Schedule cosine(double base_lr, const CosineOptions& options);

/// Options of cosine_warm_restarts().
struct CosineWarmRestartsOptions {
  int64_t t_0 = 0;     ///< T₀, the steps of the first period, 1 or more; required
  int64_t t_mult = 1;  ///< length of a period divided by that of the previous one, 1 or more
  double min_lr = 0;   ///< lowest rate, 0 … base_lr

  /// The options for the command line and texts: names, ranges and help.
  static OptionTable<CosineWarmRestartsOptions> table();
};
/// min_lr + ½(base_lr − min_lr)(1 + cos(π·t' / Tᵢ)), where t' counts the steps in period i of Tᵢ =
/// T₀·t_mult^i steps (SGDR).
Schedule cosine_warm_restarts(double base_lr, const CosineWarmRestartsOptions& options);

}  // namespace gradus::optim
