// A schedule that listens.
#pragma once

#include "core/text/option_table.hpp"
#include "optim/schedule.hpp"

namespace gradus::optim {

/// Options of reduce_on_plateau().
struct ReduceOnPlateauOptions {
  double factor = 0.1;      ///< of a drop, above 0 and below 1
  int64_t patience = 10;    ///< reports without improvement that are borne; the next drops the rate
  double threshold = 1e-4;  ///< an improvement is below best − threshold·|best|; in [0, 1)
  int64_t cooldown = 0;     ///< reports after a drop that don't count
  double min_lr = 0;        ///< 0 … base_lr

  /// What the command line and texts can set: names, ranges and help.
  static const OptionTable<ReduceOnPlateauOptions>& table();
};
/// base_lr, times `factor` where what it is told by report(), a loss, has stopped to fall; as
/// PyTorch's ReduceLROnPlateau with a relative threshold, but for metrics below 0, where PyTorch
/// takes a value that is as good as the best for an improvement. It gives the rate of now, for any
/// step.
Schedule reduce_on_plateau(double base_lr, const ReduceOnPlateauOptions& options = {});

}  // namespace gradus::optim
