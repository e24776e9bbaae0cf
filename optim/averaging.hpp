// Averages of weights over training, which often do better than the last ones.
#pragma once

#include <optional>

#include "core/tensor.hpp"

namespace gradus::optim {

/// Options of WeightAverage.
struct WeightAverageOptions {
  /// d of an exponential moving average (Polyak and Juditsky 1992 for the idea), in [0, 1): near 1,
  /// 1/(1 − d) updates count. Empty: the mean of all updates, stochastic weight averaging (Izmailov
  /// et al. 2018).
  std::optional<double> decay = {};
  /// Whether the decay of update t = 0, 1, … is min(d, (1 + t)/(10 + t)), so that the first weights
  /// are forgotten soon: a training that is short beside 1/(1 − d) steps needs it.
  bool warmup = false;
};

/// The average of parameters and buffers, such as a module's state_dict(). The first update takes
/// the values as they are, later ones
///
///     average ← d·average + (1 − d)·θ        mean: d = n/(n + 1) after n updates
///
/// Tensors of which a mean makes no sense (Role::iterate of a module) are taken as they are every
/// time, as are i64 ones (counts). Averaging the running statistics of batch normalization with the
/// weights stands for the pass over the data that SWA's authors make. Spectral normalization needs
/// layers::settle() after swap(): its vectors are those of the averaged weights then.
class WeightAverage {
 public:
  /// Those of `tensors` that `iterates` names, too, are taken as they are. Throws
  /// std::invalid_argument for a decay outside [0, 1), a warmup without decay, and undefined
  /// tensors. The tensors are handles: update() reads the values they have then.
  explicit WeightAverage(const NamedTensors& tensors, const WeightAverageOptions& options = {},
                         const NamedTensors& iterates = {});

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
    Scope& operator=(Scope&&) = delete;

   private:
    WeightAverage& average_;
  };

  /// "updates", and the averages by name. Handles.
  NamedTensors state_dict() const;
  /// As Optimizer's.
  void load_state_dict(const NamedTensors& state);

 private:
  double weight_of_update() const;

  NamedTensors tensors_, averages_;
  std::vector<bool> is_averaged_;
  WeightAverageOptions options_;
  int64_t updates_ = 0;
};

}  // namespace gradus::optim
