// evaluate: how well a model does on a data set, class by class, where it is wrong, and how sure it
// is. Task: what it is judged by.
#pragma once

#include "core/ops/loss.hpp"
#include "core/random.hpp"
#include "data/dataset.hpp"
#include "data/metrics.hpp"
#include "layers/module.hpp"

namespace gradus::train {

/// One kind of targets. What trains and judges asks the task of its data set; nothing else knows
/// the kinds.
struct Task {
  const char* targets;  ///< what they are: "classes"
  LossFunction loss;    ///< what fit() minimizes unless told otherwise
  /// What a model's outputs (N, …) say, one prediction for each sample.
  Tensor (*predictions)(const Tensor& outputs);
  /// How many predictions are right.
  double (*correct)(const Tensor& targets, const Tensor& predictions);
};

/// The task of a data set. All have classes for targets: cross-entropy, and the class with the
/// largest logit.
const Task& task_of(const data::Dataset& dataset);

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
  double aic = 0, bic = 0;
  double log_likelihood = 0;  ///< Σ ln p(label)
  int64_t parameters = 0;     ///< every value in a parameter counts as one
  int64_t samples = 0;
};
/// See aic() and bic(). Throws like evaluate().
InformationCriteria information_criteria(layers::Module& model, const data::Dataset& train);

struct Mistake {
  int64_t sample = 0, truth = 0, guess = 0;
  double probability = 0;  ///< of the guess, as the model sees it
};

/// The samples whose prediction (i64, of each) isn't their label, the most confident mistakes
/// first. Dropout is off; the model stays as it was.
std::vector<Mistake> find_mistakes(layers::Module& model, const data::Dataset& dataset,
                                   const Tensor& predictions);

/// Means over samples of monte_carlo_predict()'s measures, in nats; NaN of none.
struct Doubt {
  int64_t samples = 0;
  double entropy = 0, mutual_information = 0;
};

/// Of the mean of several predictions with dropout.
struct Uncertainty {
  int64_t predictions = 0;
  double loss = 0;  ///< mean negative logarithm of the label's mean probability
  double accuracy = 0;
  Doubt right = {}, wrong = {};
};

/// Throws std::invalid_argument for a model without dropout.
Uncertainty estimate_uncertainty(layers::Module& model, const data::Dataset& dataset,
                                 int64_t predictions, Rng rng, int64_t batch_size = 512);

}  // namespace gradus::train
