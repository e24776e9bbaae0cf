// cyclic, one_cycle: schedules that rise and fall.
#pragma once

#include "optim/schedules/cosine.hpp"

namespace gradus::optim {

/// The height of the cycles 0, 1, …, which is initially max_lr − max_lr/div_factor.
enum class CycleMode {
  triangular,   ///< constant
  triangular2,  ///< halved with each cycle
  exp_range,    ///< multiplied by gamma^t at step t
};

/// Options of cyclic().
struct CyclicOptions {
  int64_t step_size_up = 0;    ///< steps of a rise, 1 or more; required
  int64_t step_size_down = 0;  ///< steps of a fall; 0: the same as a rise
  double div_factor = 10;      ///< the rate at the bottom is max_lr / div_factor; 1 or more
  CycleMode mode = CycleMode::triangular;  ///< the height of the cycles
  double gamma = 0.99994;                  ///< for exp_range; above 0 and at most 1

  /// The options for the command line and texts: names, ranges and help.
  static OptionTable<CyclicOptions> table();
};
/// Linear rises from max_lr / div_factor to max_lr and falls back, repeated (Smith 2017).
Schedule cyclic(double max_lr, const CyclicOptions& options);

/// Options of one_cycle().
struct OneCycleOptions {
  int64_t total_steps = 0;        ///< 1 or more; required
  double pct_start = 0.3;         ///< fraction of the steps in which the rate rises, 0 … 1
  double div_factor = 25;         ///< the first rate is max_lr / div_factor; 1 or more
  double final_div_factor = 1e4;  ///< the last rate is the first rate / final_div_factor; 1 or more
  Anneal anneal = Anneal::cosine;  ///< the curve of all phases
  bool three_phase = false;        ///< see one_cycle(); pct_start is then at most 0.5
  bool cycle_momentum = false;     ///< change momentum opposite to the rate
  double base_momentum = 0.85;     ///< momentum at the highest rate, in [0, 1)
  double max_momentum =
      0.95;  ///< momentum at the lowest rate, in [0, 1) and at least base_momentum

  /// The options for the command line and texts: names, ranges and help.
  static OptionTable<OneCycleOptions> table();
};
/// From max_lr / div_factor up to max_lr at step pct_start·total_steps − 1, then down to its last
/// value at total_steps − 1 (Smith and Topin 2018), like PyTorch's OneCycleLR (there cycle_momentum
/// is true by default). These two cosine phases are fast.ai's form. With three_phase the rate falls
/// to its first value as fast as it rose, then to its last one; the paper's phases are linear too.
Schedule one_cycle(double max_lr, const OneCycleOptions& options);

}  // namespace gradus::optim
