// Loss: a loss function, and what it makes of a model's outputs; losses: the losses by name.
#pragma once

#include <concepts>

#include "core/ops/loss/loss.hpp"
#include "core/text/registry.hpp"
#include "data/targets.hpp"

namespace gradus::train {

/// A loss function for training, which reads a model's outputs in its own way. Any function of
/// outputs and targets is one:
///
///     Loss loss = [](const Tensor& outputs, const Tensor& targets) { … };
struct Loss {
  /// No loss.
  Loss() = default;
  /// outputs (N, …), targets of a batch → the mean loss, or the losses of each sample (N, …), of
  /// which the mean is taken. Samples with weights need the latter.
  template <std::convertible_to<LossFunction> Function>
  Loss(Function given) : function(std::move(given)) {}

  /// Whether there is a loss.
  explicit operator bool() const { return static_cast<bool>(function); }
  /// The mean of weight·loss over the samples; undefined weights are 1. Throws
  /// std::invalid_argument for weights if the function doesn't return the losses of each sample.
  Tensor operator()(const Tensor& outputs, const Tensor& targets, const Tensor& weights = {}) const;

  LossFunction function;  ///< see the constructor
  // For numbers as targets.

  /// outputs (N, D·outputs_per_number) → the predicted numbers (N, D), scaled like the targets;
  /// null: the outputs themselves.
  Tensor (*numbers)(const Tensor& outputs) = nullptr;
  /// outputs → the predicted standard deviation of each number (N, D), scaled like the targets;
  /// null: there is none.
  Tensor (*deviations)(const Tensor& outputs) = nullptr;
  int64_t outputs_per_number = 1;  ///< of the model for each number
  bool scales_targets = true;      ///< whether targets may be centred and scaled
  bool is_central = true;          ///< false: the prediction is a quantile, not the middle
};

/// Binary cross-entropy of each label by itself, of logits. `positive_weights`, (L) or one number,
/// is the factor of samples that have the label; undefined: 1.
Loss binary_loss(const Tensor& positive_weights);

/// Cross-entropy of the next tokens: logits (N, T, K), targets i64 (N, T) → of each window the mean
/// over its targets, without those that are data::not_scored. `label_smoothing` is that of
/// CrossEntropyOptions.
Loss token_loss(double label_smoothing = 0);

/// Makes a loss by its specification. Throws std::invalid_argument for wrong options.
using LossFactory = std::function<Loss(const Spec& spec)>;

/// The losses for one kind of targets, by name. Classes: cross-entropy, focal, hinge, mse,
/// binary-cross-entropy. Labels: binary. Numbers: squared, absolute, huber, pinball, gaussian,
/// poisson. Tokens: cross-entropy.
const Registry<LossFactory>& losses(data::TargetKind kind);

/// A loss by text, such as "huber:delta=0.5" or "pinball:0.9". Throws std::invalid_argument.
Loss make_loss(data::TargetKind kind, std::string_view text);

}  // namespace gradus::train
