// When to stop, and going back to the best weights (Prechelt 1998).
#pragma once

#include "core/tensor.hpp"

namespace gradus::optim {

/// Options of EarlyStopping.
struct EarlyStoppingOptions {
  int64_t patience = 5;   ///< reports without improvement after which to stop, 1 or more
  double min_delta = 0;   ///< an improvement is by more than this; 0 or more
  bool maximize = false;  ///< larger metrics are better (an accuracy), not smaller ones (a loss)
};

/// Counts reports without improvement. Reports are all of its state: told the same again, it is
/// where it was.
class EarlyStopping {
 public:
  /// Throws std::invalid_argument for an option out of its range.
  explicit EarlyStopping(const EarlyStoppingOptions& options = {});

  /// Tells a metric, NaN being none. Returns whether it is the best so far, by more than min_delta.
  bool report(double metric);
  /// Whether `patience` reports in a row brought no improvement.
  bool should_stop() const { return without_improvement_ >= options_.patience; }
  /// The best metric so far; infinite (−∞ for maximize) before the first.
  double best() const { return best_; }

 private:
  EarlyStoppingOptions options_;
  double best_;
  int64_t without_improvement_ = 0;
};

/// Keeps a copy of tensors (a module's state_dict()), and puts it back at the end of its scope,
/// however that is left: by the end of training, a break, or an exception.
///
///     BestWeights best(model.state_dict());
///     while (!stopping.should_stop()) {
///       …
///       if (stopping.report(loss)) best.keep();
///     }
class BestWeights {
 public:
  /// Keeps the values of now.
  explicit BestWeights(NamedTensors tensors);
  ~BestWeights() { restore(); }
  BestWeights& operator=(BestWeights&&) = delete;

  /// Copies the values of now.
  void keep();
  /// Puts the copied values back into the tensors.
  void restore();

 private:
  NamedTensors tensors_;
  Tensors best_;
};

}  // namespace gradus::optim
