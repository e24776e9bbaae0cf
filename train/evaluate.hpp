// evaluate, evaluate_predictions: compute the loss, score and predictions of a model on a data set.
#pragma once

#include "data/metrics.hpp"
#include "layers/module.hpp"
#include "train/task.hpp"

namespace gradus::train {

/// The result of evaluate().
struct Evaluation {
  int64_t samples = 0;  ///< of the data set
  double loss = 0;      ///< mean over the samples, by their weights
  double score = 0;     ///< the task's EpochScore: accuracy, or RMSE for numbers
  /// The fraction of correct predictions, for labels of all of their labels; NaN for numbers.
  double accuracy = 0;
  Tensor confusion = {};  ///< i64; rows: the class, columns: the prediction; only for classes
  std::vector<data::ClassScores> classes = {};  ///< of each class; empty for other targets
  Tensor predictions = {};                      ///< of each sample: Task::predictions
  Tensor outputs = {};   ///< of the model for each sample, (N, …); only with keep_outputs
  Tensor measured = {};  ///< what scores are computed from, (N, …); only with keep_measured
};

/// Options of evaluate().
struct EvaluateOptions {
  Loss loss = {};  ///< default: that of the data set's task
  /// Limits memory, doesn't change the result; 1 or more. Texts have smaller batches if windows are
  /// long or tokens many.
  int64_t batch_size = 512;
  bool keep_outputs = false;   ///< fill Evaluation::outputs
  bool keep_measured = false;  ///< fill Evaluation::measured, for Task::scores
};

/// Evaluates `model` in evaluation mode and without gradients; its mode and values don't change.
/// Throws std::invalid_argument for a batch size below 1.
Evaluation evaluate(layers::Module& model, const data::Dataset& dataset,
                    const EvaluateOptions& options = {});

/// The same without a loss, of predictions like those of Task::predictions, such as those of
/// several models together. Throws std::invalid_argument for a class that the data set doesn't
/// have.
Evaluation evaluate_predictions(const data::Dataset& dataset, const Tensor& predictions);

/// Akaike's and the Bayesian information criterion of a classifier on its training set.
struct InformationCriteria {
  double aic = 0;             ///< lower is better
  double bic = 0;             ///< lower is better
  double log_likelihood = 0;  ///< Σ ln p(label)
  int64_t parameters = 0;     ///< the number of values in all parameters
  int64_t samples = 0;        ///< of the training set
};
/// See aic() and bic(). Throws like evaluate().
InformationCriteria information_criteria(layers::Module& model, const data::Dataset& train);

}  // namespace gradus::train
