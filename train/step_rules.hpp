// StepRules: penalties, clipping, noise and constraints around each step of the optimizer.
#pragma once

#include "layers/module.hpp"
#include "optim/optimizer.hpp"
#include "optim/regularization.hpp"

namespace gradus::train {

/// Empty ones, and penalties of 0, do nothing.
struct StepRuleOptions {
  optim::PenaltyOptions penalty = {};  ///< on the weights
  /// The names of the parameters under the penalty, patterns joined by commas; empty for the
  /// weights of layers.
  std::string penalized = {};
  bool proximal = false;                  ///< the penalty by a step of its own, not by its gradient
  std::optional<double> clip_value = {};  ///< the largest value of a gradient
  std::optional<double> clip_norm = {};   ///< the largest norm of all together
  std::optional<double> clip_adaptive = {};   ///< the largest part of a unit's weights' norm
  std::optional<double> gradient_noise = {};  ///< its variance at the first step
  std::optional<double> max_norm = {};        ///< of the rows of dense and convolution layers
};

/// The rules of a training, for each of its steps.
class StepRules {
 public:
  /// No rules.
  StepRules() = default;
  /// Throws std::invalid_argument for a pattern that matches none. Step t draws its noise from
  /// noise.fork(t), so that no step depends on another. `model` outlives the rules.
  StepRules(const StepRuleOptions& options, layers::Module& model, const Rng& noise);

  /// Between backward() and the optimizer's step: the penalty's gradient, then clipping by value,
  /// norm and unit, then noise.
  void change_gradients(int64_t step) const;
  /// After a step of `optimizer`: the proximal step, then the largest norm of rows.
  void change_weights(const optim::Optimizer& optimizer) const;

 private:
  bool penalizes() const { return options_.penalty.l1 > 0 || options_.penalty.l2 > 0; }

  StepRuleOptions options_;
  layers::Module* model_ = nullptr;
  NamedTensors parameters_, penalized_;
  Rng noise_{0};
};

}  // namespace gradus::train
