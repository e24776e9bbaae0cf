// Averages of weights over training, which often do better than the last ones.
#pragma once

#include <cstdint>
#include <optional>

#include "core/tensor.hpp"

namespace gradus::optim {

/// Options of WeightAverage.
struct WeightAverageOptions {
  /// d of an exponential moving average (Polyak and Juditsky 1992 for the idea), in [0, 1): near 1,
  /// 1/(1 − d) updates count. Empty: the mean of all updates, stochastic weight averaging (Izmailov
  /// et al. 2018).
  std::optional<double> decay = {};
};

/// The average of parameters and buffers, such as a module's state_dict(). The first update takes
/// the values as they are, later ones
///
///     average ← d·average + (1 − d)·θ        mean: d = n/(n + 1) after n updates
///
/// i64 tensors (counts) are taken as they are every time. Averaging the running statistics of batch
/// normalization with the weights stands for the pass over the data that SWA's authors make.
class WeightAverage {
 public:
  /// Throws std::invalid_argument for a decay outside [0, 1) and undefined tensors. The tensors are
  /// handles: update() reads the values they have then.
  explicit WeightAverage(const NamedTensors& tensors, const WeightAverageOptions& options = {});

  /// Takes in the present values: every step for an exponential average, every epoch or cycle for
  /// the mean.
  void update();
  /// Updates so far.
  int64_t updates() const { return updates_; }

  /// Exchanges the values of the tensors with their averages; a second time brings them back.
  /// Throws std::logic_error before the first update.
  void swap();

  /// While it lives, the tensors hold their averages: `WeightAverage::Scope averaged(average);`
  /// around an evaluation.
  class Scope {
   public:
    /// Calls swap(); so does the destructor.
    explicit Scope(WeightAverage& average) : average_(average) { average_.swap(); }
    ~Scope() { average_.swap(); }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    WeightAverage& average_;
  };

  /// "updates", and the averages by name. Handles.
  NamedTensors state_dict() const;
  /// As Optimizer's.
  void load_state_dict(const NamedTensors& state);

 private:
  NamedTensors tensors_, averages_;
  WeightAverageOptions options_;
  int64_t updates_ = 0;
};

}  // namespace gradus::optim
