// StepRules: applies penalties, clipping, noise and constraints at each step of the optimizer.
#pragma once

#include "layers/module.hpp"
#include "optim/optimizer.hpp"
#include "optim/regularization.hpp"

namespace gradus::train {

/// Empty options and penalties of 0 have no effect.
struct StepRuleOptions {
  optim::PenaltyOptions penalty = {};  ///< on the weights
  /// Patterns of the names of the penalized parameters, separated by commas (default: the weights
  /// of layers).
  std::string penalized = {};
  bool proximal = false;  ///< apply the penalty by a proximal step, not its gradient
  std::optional<double> clip_value = {};     ///< the largest value of a gradient
  std::optional<double> clip_norm = {};      ///< the largest norm of all gradients together
  std::optional<double> clip_adaptive = {};  ///< the largest ratio of a unit's gradient and weights
  std::optional<double> gradient_noise = {};  ///< the variance at the first step
  std::optional<double> max_norm = {};        ///< of the rows of dense and convolution weights
};

/// The rules of a training; see StepRuleOptions.
class StepRules {
 public:
  /// No rules.
  StepRules() = default;
  /// Throws std::invalid_argument for a pattern that matches no parameter. Step t draws its noise
  /// from noise.fork(t), so that steps are independent. `model` must outlive the rules.
  StepRules(const StepRuleOptions& options, layers::Module& model, const Rng& noise);

  /// To be called between backward() and the optimizer's step: adds the penalty's gradient, clips
  /// by value, norm and unit, then adds noise.
  void change_gradients(int64_t step) const;
  /// To be called after a step of `optimizer`: the proximal step, then max-norm.
  void change_weights(const optim::Optimizer& optimizer) const;
  /// Whether change_weights() does anything.
  bool changes_weights() const {
    return (options_.proximal && penalizes()) || options_.max_norm.has_value();
  }

 private:
  bool penalizes() const { return options_.penalty.l1 > 0 || options_.penalty.l2 > 0; }

  StepRuleOptions options_;
  layers::Module* model_ = nullptr;
  NamedTensors parameters_, penalized_;
  Rng noise_{0};
};

}  // namespace gradus::train
