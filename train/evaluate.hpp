// evaluate: how well a model does on a data set, class by class.
#pragma once

#include "core/ops/loss.hpp"
#include "data/metrics.hpp"
#include "layers/module.hpp"

namespace gradus::train {

/// What evaluate() finds.
struct Scores {
  int64_t samples = 0;                          ///< judged
  double loss = 0;                              ///< mean over the samples
  double accuracy = 0;                          ///< the part that is predicted right, 0 … 1
  Tensor confusion = {};                        ///< i64; rows: the class, columns: the prediction
  std::vector<data::ClassScores> classes = {};  ///< of each class
  Tensor predictions = {};                      ///< i64, of each sample
};

/// Options of evaluate().
struct EvaluateOptions {
  LossFunction loss = {};    ///< none: that of the data set's task, cross-entropy for classes
  int64_t batch_size = 512;  ///< bounds the memory, and changes nothing else; 1 or more
};

/// Judges `model` in evaluation mode and without recording; its mode and values stay. Throws
/// std::invalid_argument for a batch size below 1.
Scores evaluate(layers::Module& model, const data::Dataset& dataset,
                const EvaluateOptions& options = {});

/// Akaike's and the Bayesian information criterion of a classifier on what it was trained on.
struct InformationCriteria {
  double aic = 0;             ///< lower is better
  double bic = 0;             ///< lower is better
  double log_likelihood = 0;  ///< Σ ln p(label)
  int64_t parameters = 0;     ///< every value in a parameter counts as one
  int64_t samples = 0;        ///< of the training set
};
/// See aic() and bic(). Throws like evaluate().
InformationCriteria information_criteria(layers::Module& model, const data::Dataset& train);

}  // namespace gradus::train
