// EarlyStopping, BestWeights: stop training without improvement, and restore the best weights
// (Prechelt 1998).
#pragma once

#include "core/tensor.hpp"

namespace gradus::optim {

/// Options of EarlyStopping.
struct EarlyStoppingOptions {
  int64_t patience = 5;   ///< number of reports without improvement before it stops, 1 or more
  double min_delta = 0;   ///< smallest change that counts as an improvement (exclusive); 0 or more
  bool maximize = false;  ///< larger metrics are better (accuracy) instead of smaller ones (loss)
};

/// Counts reports without improvement. Its state depends only on the reports: the same reports give
/// the same state.
class EarlyStopping {
 public:
  /// Throws std::invalid_argument for an option out of its range.
  explicit EarlyStopping(const EarlyStoppingOptions& options = {});

  /// Reports a metric. Returns whether it is the best so far by more than min_delta; NaN is never
  /// an improvement.
  bool report(double metric);
  /// Whether the last `patience` reports brought no improvement.
  bool should_stop() const { return without_improvement_ >= options_.patience; }
  /// The best metric so far; ∞ (−∞ for maximize) before the first report.
  double best() const { return best_; }

 private:
  EarlyStoppingOptions options_;
  double best_;
  int64_t without_improvement_ = 0;
};

/// Keeps a copy of tensors (a module's state_dict()), and restores it at the end of its scope, also
/// after a break or an exception.
///
///     BestWeights best(model.state_dict());
///     while (!stopping.should_stop()) {
///       …
///       if (stopping.report(loss)) best.keep();
///     }
class BestWeights {
 public:
  /// Copies the present values of `tensors`.
  explicit BestWeights(NamedTensors tensors);
  ~BestWeights() { restore(); }
  BestWeights& operator=(BestWeights&&) = delete;

  /// Copies the present values.
  void keep();
  /// Copies the kept values back to the tensors.
  void restore();

 private:
  NamedTensors tensors_;
  Tensors best_;
};

}  // namespace gradus::optim
