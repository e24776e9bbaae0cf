// reduce_on_plateau: a schedule that lowers the rate when a metric stops improving.
#pragma once

#include "core/text/option_table.hpp"
#include "optim/schedule.hpp"

namespace gradus::optim {

/// Options of reduce_on_plateau().
struct ReduceOnPlateauOptions {
  double factor = 0.1;      ///< factor of a drop, above 0 and below 1
  int64_t patience = 10;    ///< tolerated reports without improvement; the next one lowers the rate
  double threshold = 1e-4;  ///< an improvement is below best − threshold·|best|; in [0, 1)
  int64_t cooldown = 0;     ///< reports ignored after a drop
  double min_lr = 0;        ///< lowest rate, 0 … base_lr

  /// The options for the command line and texts: names, ranges and help.
  static OptionTable<ReduceOnPlateauOptions> table();
};
/// base_lr, multiplied by `factor` whenever the loss passed to report() has stopped falling. Like
/// PyTorch's ReduceLROnPlateau with a relative threshold, except for metrics below 0, for which
/// PyTorch counts a value equal to the best as an improvement. The schedule returns the present
/// rate for any step.
Schedule reduce_on_plateau(double base_lr, const ReduceOnPlateauOptions& options = {});

}  // namespace gradus::optim
