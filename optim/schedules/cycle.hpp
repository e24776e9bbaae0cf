// Schedules that rise and fall: once, or again and again.
#pragma once

#include "optim/schedules/cosine.hpp"

namespace gradus::optim {

/// What becomes of the height of the cycles 0, 1, …, which is at first max_lr − max_lr/div_factor.
enum class CycleMode {
  triangular,   ///< it stays
  triangular2,  ///< each cycle has half of the height before
  exp_range,    ///< it is multiplied by gamma^t at step t
};

/// Options of cyclic().
struct CyclicOptions {
  int64_t step_size_up = 0;    ///< steps of a rise, 1 or more; has to be given
  int64_t step_size_down = 0;  ///< steps of a fall; 0: as many as a rise
  double div_factor = 10;      ///< the rate at the bottom is max_lr / div_factor; 1 or more
  CycleMode mode = CycleMode::triangular;  ///< how the height changes
  double gamma = 0.99994;                  ///< of exp_range, above 0 and at most 1

  /// What the command line and texts can set: names, ranges and help.
  static OptionTable<CyclicOptions> table();
};
/// Straight up from max_lr / div_factor to max_lr and down again, over and over (Smith 2017).
Schedule cyclic(double max_lr, const CyclicOptions& options);

/// Options of one_cycle().
struct OneCycleOptions {
  int64_t total_steps = 0;         ///< 1 or more; has to be given
  double pct_start = 0.3;          ///< the part of the steps in which the rate rises, 0 … 1
  double div_factor = 25;          ///< starts at max_lr / div_factor; 1 or more
  double final_div_factor = 1e4;   ///< ends at the start / final_div_factor; 1 or more
  Anneal anneal = Anneal::cosine;  ///< the curve of both parts
  bool cycle_momentum = false;  ///< momentum falls while the rate rises, and rises while it falls
  double base_momentum = 0.85;  ///< where the rate is highest, in [0, 1)
  double max_momentum = 0.95;   ///< where it is lowest, in [0, 1) and at least base_momentum

  /// What the command line and texts can set: names, ranges and help.
  static OptionTable<OneCycleOptions> table();
};
/// From max_lr / div_factor up to max_lr at step pct_start·total_steps − 1, then down to its last
/// value at total_steps − 1 (Smith and Topin 2018), as PyTorch's OneCycleLR (whose cycle_momentum
/// is true by default).
Schedule one_cycle(double max_lr, const OneCycleOptions& options);

}  // namespace gradus::optim
