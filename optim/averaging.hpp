// WeightAverage: averages of the weights during training, which often generalize better than the
// last weights.
#pragma once

#include <optional>

#include "core/tensor.hpp"

namespace gradus::optim {

/// Options of WeightAverage.
struct WeightAverageOptions {
  /// d of an exponential moving average (Polyak and Juditsky 1992 for the idea), in [0, 1): it
  /// averages about the last 1/(1 − d) updates. Empty: the mean of all updates, stochastic weight
  /// averaging (Izmailov et al. 2018).
  std::optional<double> decay = {};
  /// Use the decay min(d, (1 + t)/(10 + t)) in update t = 0, 1, …, so that the first weights lose
  /// their influence quickly. Needed if training is not much longer than 1/(1 − d) steps.
  bool warmup = false;
};

/// The average of parameters and buffers, such as a module's state_dict(). The first update copies
/// the values, later ones
///
///     average ← d·average + (1 − d)·θ        mean: d = n/(n + 1) after n updates
///
/// Tensors without a meaningful mean (Role::iterate of a module) and i64 tensors (counts) are
/// copied at each update. The running statistics of batch normalization are averaged like the
/// weights; the authors of SWA compute them in another pass over the data. Spectral normalization
/// needs layers::settle() after swap(), which computes its vectors for the averaged weights.
class WeightAverage {
 public:
  /// Tensors that are also in `iterates` are copied instead of averaged. Throws
  /// std::invalid_argument for a decay outside [0, 1), a warmup without decay, and undefined
  /// tensors. The tensors are handles: update() reads their present values.
  explicit WeightAverage(const NamedTensors& tensors, const WeightAverageOptions& options = {},
                         const NamedTensors& iterates = {});

  /// Adds the present values to the average. Call it at every step for an exponential average, at
  /// every epoch or cycle for the mean.
  void update();
  /// The number of updates so far.
  int64_t updates() const { return updates_; }

  /// Exchanges the values of the tensors and their averages; a second call restores them. Throws
  /// std::logic_error before the first update.
  void swap();

  /// Until the end of the scope, the tensors have their averaged values: `WeightAverage::Scope
  /// averaged(average);` before an evaluation.
  class Scope {
   public:
    /// Calls swap(); so does the destructor.
    explicit Scope(WeightAverage& average) : average_(average) { average_.swap(); }
    ~Scope() { average_.swap(); }
    Scope& operator=(Scope&&) = delete;

   private:
    WeightAverage& average_;
  };

  /// "updates" and the averages by name. The tensors are handles.
  NamedTensors state_dict() const;
  /// Like Optimizer::load_state_dict().
  void load_state_dict(const NamedTensors& state);

 private:
  double weight_of_update() const;

  NamedTensors tensors_, averages_;
  std::vector<bool> is_averaged_;
  WeightAverageOptions options_;
  int64_t updates_ = 0;
};

}  // namespace gradus::optim
