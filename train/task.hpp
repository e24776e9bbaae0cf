// Task: what the targets of a data set are, and how predictions of them are judged; tasks: by name.
#pragma once

#include "core/text/registry.hpp"
#include "data/dataset.hpp"
#include "train/scores.hpp"
#include "train/training_loss.hpp"

namespace gradus::train {

/// The score that each epoch reports besides the loss: the mean of a measure over the samples,
/// after a function.
struct EpochScore {
  const char* name;       ///< "accuracy": in the columns of metrics.csv
  const char* title;      ///< "accuracy": in texts and pictures
  bool is_fraction;       ///< shown in percent
  bool larger_is_better;  ///< false for errors
  /// Σ weight·measure over the samples of a batch; undefined weights are 1.
  double (*sum)(const Tensor& targets, const Tensor& predictions, const Tensor& weights);
  double (*of_mean)(double mean);  ///< Σ weight·measure/Σ weight → the score

  /// Whether a score is better than another.
  bool is_better(double a, double b) const { return larger_is_better ? a > b : a < b; }
  /// "99.12 %" or "0.0312".
  std::string text(double value) const;
};

/// One kind of targets. Training and evaluation ask the task of the data set; nothing else depends
/// on the kind.
struct Task {
  const char* name;       ///< "classify"
  data::TargetKind kind;  ///< of the targets
  const char* loss;       ///< the name of the default loss
  EpochScore score;       ///< of an epoch
  bool chooses_by_score;  ///< the best epoch is that of the best score; else of the lowest loss
  /// The prediction for each sample, from a model's outputs (N, …): classes i64 (N), labels f32
  /// (N, L) of 0 and 1, numbers f32 (N, D) without their scale, tokens i64 (N, T).
  Tensor (*predictions)(const Tensor& outputs, const Loss& loss, const data::TargetScale& scale);
  /// What the outputs mean: probabilities f64 (N, K), of tokens (N, T, K), or numbers.
  Tensor (*judged)(const Tensor& outputs, const Loss& loss, const data::TargetScale& scale);
  /// What scores are computed from, a row for each sample; null: judged().
  Tensor (*measured)(const Tensor& outputs, const Tensor& targets,
                     const data::Dataset& dataset) = nullptr;
  /// The scores with their intervals, of targets and measured() or judged().
  std::vector<Score> (*scores)(const Tensor& targets, const Tensor& judged, const Rng& rng,
                               const Tensor& weights);
  /// The score of the best constant prediction, with three standard errors.
  double (*chance)(const data::Dataset& dataset);

  /// The default loss.
  Loss default_loss() const { return make_loss(kind, loss); }
};

/// The tasks by name: classify, multi-label, regress, language.
const Registry<Task>& tasks();

/// The task of a data set.
const Task& task_of(const data::Dataset& dataset);
/// The task with targets of this kind.
const Task& task_of(data::TargetKind kind);

/// Σ values·weights, and Σ values if the weights are undefined: values f64, weights f32, of N
/// samples.
double weighted_sum(std::span<const double> values, const Tensor& weights);

/// Σ weights of the samples of a data set; their number if they have none.
double total_weight(const data::Dataset& dataset);

// One file each.
Task classify();     ///< one class for each sample
Task multi_label();  ///< several labels for each sample
Task regress();      ///< numbers
Task language();     ///< the next token of a text

}  // namespace gradus::train
